"""Frames of RFC 6455 as a server sends them, whole and ready for the wire.

A server's frames are not masked (section 5.1): made once, the same bytes go to every subscriber.
"""

from __future__ import annotations

from struct import Struct

#: The first byte of a message in one frame: FIN, and what it holds (section 5.2).
_TEXT, _BINARY = 0x81, 0x82
#: What the second byte says where the length follows in two bytes, or in eight.
_TWO_BYTES, _EIGHT_BYTES = 126, 127
_SHORT, _LONG = Struct("!BBH").pack, Struct("!BBQ").pack


def text_frame(payload: bytes) -> bytes:
    """*payload*, which must be UTF-8, as one text message."""
    length = len(payload)
    return (_SHORT_TEXTS[length] if length < _TWO_BYTES else _head(_TEXT, length)) + payload


def binary_frame(payload: bytes) -> bytes:
    """*payload* as one binary message."""
    return _head(_BINARY, len(payload)) + payload


def _head(first: int, length: int) -> bytes:
    if length < _TWO_BYTES:
        return bytes((first, length))
    if length < 0x10000:
        return _SHORT(first, _TWO_BYTES, length)
    return _LONG(first, _EIGHT_BYTES, length)


#: The heads of texts by their length: most of what a server says is short.
_SHORT_TEXTS = [_head(_TEXT, length) for length in range(_TWO_BYTES)]
