"""From text to values.

Law: the text may come from anybody: what stands for no value raises
:class:`~velocious.errors.WireError`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Never

from velocious.wire.marks import MARK

if TYPE_CHECKING:
    from velocious.wire.reading import Others


def decode(text: str, others: Others | None = None) -> Any:
    """The value that *text* stands for.

    An ``undefined`` of JavaScript is left out of objects, and is None anywhere else. *others*:
    kinds of marks that only this reader knows, and what makes a value of the members beside each.

    Raises:
        WireError: it is no JSON, or a mark in it stands for nothing.
    """
    try:
        value = _JSON.decode(text)
        if MARK not in text:
            return value
        # Imported late: most of what pages send has no marks.
        from velocious.wire.reading import read

        return read(value, others or {})
    except (ValueError, RecursionError) as error:
        from velocious.errors import WireError

        raise WireError(f"{text!r:.100} is no value that was sent: {error}") from error


def _no_number(name: str) -> Never:
    raise ValueError(f"JSON knows no {name}")


_JSON = json.JSONDecoder(parse_constant=_no_number)
