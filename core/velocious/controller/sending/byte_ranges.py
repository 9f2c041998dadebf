"""Which part of a file a client asks for (RFC 9110, section 14).

Law: several ranges are answered with the whole, as the RFC allows: putting many together is work
that a client can make a server do for nothing.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_RANGE = re.compile(r"bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*", re.IGNORECASE)
#: No file has more digits; larger numbers are cut, not read.
_DIGITS = 19


class Part(NamedTuple):
    """Bytes from *start* on."""

    start: int
    length: int


class Unsatisfiable(Exception):
    """No byte of the file is in the range: 416."""


def asked_part(header: str, size: int) -> Part | None:
    """The part of *size* bytes that a Range header asks for; None for the whole.

    Raises:
        Unsatisfiable: nothing of it is there.
    """
    found = _RANGE.fullmatch(header)
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        return _suffix(_number(found[2]), size)
    start = _number(found[1])
    last = _number(found[2]) if found[2] else size - 1
    if found[2] and last < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return Part(start, min(last, size - 1) - start + 1)


def _suffix(length: int, size: int) -> Part:
    if length == 0 or size == 0:
        raise Unsatisfiable
    length = min(length, size)
    return Part(size - length, length)


def _number(digits: str) -> int:
    return int(digits[:_DIGITS]) if len(digits.lstrip("0")) <= _DIGITS else 10**_DIGITS
