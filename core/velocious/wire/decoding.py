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


def decode(text: str, others: Others | None = None, *, strict: bool = False) -> Any:
    """The value that *text* stands for.

    An ``undefined`` of JavaScript is left out of objects, and is None anywhere else. *others*:
    kinds of marks that only this reader knows, and what makes a value of the members beside each.
    *strict*: what two readers could understand differently, a name twice, is none either.

    Raises:
        WireError: it is no JSON, or a mark in it stands for nothing.
    """
    try:
        value = (_STRICT if strict else _JSON).decode(text)
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


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has a name twice")
    return found


_JSON = json.JSONDecoder(parse_constant=_no_number)
_STRICT = json.JSONDecoder(parse_constant=_no_number, object_pairs_hook=_object)
