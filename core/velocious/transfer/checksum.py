"""A checksum of rows that does not depend on the database, nor on the order they are read in.

Law: it is made of Python values as records see them; two rows have the same one exactly if a record
could not tell them apart.
"""

from __future__ import annotations

import json
from decimal import Decimal
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BYTES = 16
_ALL = (1 << 8 * _BYTES) - 1


def rows_checksum(rows: Iterable[Sequence[Any]]) -> int:
    """The sum of the digests of *rows*; sums of parts may be added with :func:`added`."""
    total = 0
    for row in rows:
        digest = blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest()
        total += int.from_bytes(digest)
    return total & _ALL


def added(first: int, second: int) -> int:
    """The checksum of the rows of both."""
    return (first + second) & _ALL


def comparable(kind: str, values: Sequence[Any]) -> Sequence[Any]:
    """*values* of a column of the type *kind*, so that equal ones are written alike."""
    if kind == "decimal":
        return [None if value is None else plain_decimal(value) for value in values]
    if kind == "json":
        return [None if value is None else _plain_json(value) for value in values]
    return values


def plain_decimal(value: Any) -> str:
    """The digits of a number, without zeros at the end of its fraction."""
    if not isinstance(value, Decimal):
        return repr(value)
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _plain_json(text: str) -> str:
    """JSON with its keys in order, and with numbers as their digits: databases spell them anew."""
    parsed = json.loads(text, parse_float=_number, parse_int=_number)
    return json.dumps(parsed, sort_keys=True, ensure_ascii=False)


def _number(digits: str) -> list[str]:
    # In a list of a mark, so that the number 1 is not the text "1".
    return ["\x00number", plain_decimal(Decimal(digits))]
