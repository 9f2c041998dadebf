"""Where the frames that a client sends begin and end; nothing else is read of them here."""

from __future__ import annotations

from struct import Struct

#: The first bytes of a whole message in one frame: a text, and bytes.
TEXT, BINARY = 0x81, 0x82
#: What the first byte of a frame says of its kind, and the kind that closes.
KIND, CLOSE = 0x0F, 0x8

#: What the second byte has beside the length, in every frame of a client; the length from which on
#: it is written in the bytes after it; and the bytes that a frame has around its payload before.
MASKED, LONG, SHORTEST = 0x80, 126, 6
_two_bytes, _eight_bytes = Struct("!H").unpack_from, Struct("!Q").unpack_from


class OutOfOrder(Exception):
    """What came is no frame of a client, or a longer one than is allowed."""


def payload_of(data: bytes | bytearray, start: int, limit: int) -> tuple[int, int] | None:
    """Where the payload of the frame that begins at *start* begins and ends, its mask being the
    four bytes before it; None where not even that has come.

    Raises:
        OutOfOrder: it is not masked, or longer than *limit*.
    """
    length = data[start + 1] - MASKED
    if length < 0:
        raise OutOfOrder
    begin = start + SHORTEST
    if length == LONG:
        if len(data) < start + 4:
            return None
        (length,) = _two_bytes(data, start + 2)
        begin = start + 8
    elif length > LONG:
        if len(data) < start + 10:
            return None
        (length,) = _eight_bytes(data, start + 2)
        begin = start + 14
    if length > limit:
        raise OutOfOrder
    return begin, begin + length
