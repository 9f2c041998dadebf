"""Values of a database on their way to the page and back.

A *cell* is what JSON can hold: null, a boolean, a number or a text stand for themselves. Anything
else is an object with ``type``: ``integer`` (``text``: its digits, too many for a number of
JavaScript), ``float`` (``text``: ``inf``, ``-inf`` or ``nan``), ``bytes`` (``hex`` and ``size``)
and ``text`` (the beginning of a long one, and its ``size``).
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Beyond it a number of JavaScript does not keep integers apart.
LARGEST_INTEGER = 2**53 - 1
#: What a table shows of a long text or of bytes; whoever edits a value is given all of it.
SHOWN_TEXT = 300
SHOWN_BYTES = 64


def shown(value: Any, *, whole: bool = False) -> Any:
    """The cell of a stored *value*; with *whole* nothing of it is left out."""
    match value:
        case None | bool():
            return value
        case int():
            fits = -LARGEST_INTEGER <= value <= LARGEST_INTEGER
            return value if fits else {"type": "integer", "text": str(value)}
        case float():
            return value if math.isfinite(value) else {"type": "float", "text": str(value)}
        case bytes():
            part = value if whole else value[:SHOWN_BYTES]
            return {"type": "bytes", "hex": part.hex(), "size": len(value)}
        case str():
            if whole or len(value) <= SHOWN_TEXT:
                return value
            return {"type": "text", "text": value[:SHOWN_TEXT], "size": len(value)}
        case _:
            return str(value)


def given(cell: Any) -> Any:
    """The value that *cell* stands for.

    Raises:
        CommandError: it stands for none.
    """
    if not isinstance(cell, dict):
        return cell
    match cast("dict[str, Any]", cell):
        case {"type": "integer", "text": str(text)}:
            return int(text)
        case {"type": "float", "text": str(text)}:
            return float(text)
        case {"type": "bytes", "hex": str(text)}:
            return from_hex(text)
        case {"type": "text", "text": str(text), "size": size} if size == len(text):
            return text
        case _:
            raise CommandError(
                f"{cell!r} stands for no value. Give null, a boolean, a number, a text or bytes."
            )


def from_hex(text: str) -> bytes:
    """The bytes that *text* writes in hexadecimal digits, with or without SQL's ``x'…'`` around.

    Raises:
        CommandError: it is not hexadecimal.
    """
    digits = text[2:-1] if text[:2].lower() == "x'" and text.endswith("'") else text
    try:
        return bytes.fromhex(digits)
    except ValueError as error:
        raise CommandError(
            f"{text[:80]!r} are no bytes. Write pairs of hexadecimal digits: 00 ff 1a."
        ) from error


def from_json(text: str) -> Any:
    """The value that *text* writes as JSON. Raises CommandError where it is none."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise CommandError(
            f"{text[:80]!r} is no JSON ({error}). Write text in double quotes, "
            'objects like {"key": 1}.'
        ) from error


def key_text(values: Sequence[Any]) -> str:
    """A primary key as text that the page hands back unread."""
    return json.dumps([shown(value, whole=True) for value in values], ensure_ascii=False)


def key_values(text: str) -> list[Any]:
    """What :func:`key_text` was given."""
    return [given(cell) for cell in json.loads(text)]
