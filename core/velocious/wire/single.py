"""Texts of single values, one after another, without an encoder for each.

Law: each is what :func:`~velocious.wire.encode` gives.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Any, cast

from velocious.wire.encoding import encode
from velocious.wire.marks import DATE, MARK

if TYPE_CHECKING:
    from collections.abc import Callable

_DATE = f'{{"{MARK}":"{DATE}","value":"'


def single(value: Any, *, exact: bool) -> str:
    """*value* as text. Raises WireError."""
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    kind = cast("type[object]", type(value))
    if kind is datetime and value.tzinfo is UTC:
        return f'{_DATE}{value.isoformat()[:-6]}Z"}}'
    if kind is float and isfinite(value):
        return float.__repr__(value)
    return encode(value, exact=exact)


#: By whether the reader is Python: :func:`single` for it.
SINGLE: dict[bool, Callable[[Any], str]] = {
    exact: partial(single, exact=exact) for exact in (False, True)
}
