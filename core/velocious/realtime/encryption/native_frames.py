"""The frames of the native encryption: numbered, for one direction of one connection.

Text becomes ``{"type":"sealed","n":0,"ct":"…"}``, bytes become the number in 8 bytes (the highest
first) and the ciphertext. Which of both it was is bound in.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from velocious.errors.encryption import EncryptionError, FrameRefusedError
from velocious.realtime.encryption.crypto import NONCE, TAG
from velocious.realtime.encryption.text import from_text, from_utf8, to_text, utf8

if TYPE_CHECKING:
    from velocious.realtime.encryption.crypto import Aead
    from velocious.realtime.encryption.sealing import Frame

#: Frames of one direction with the same key: far below what AES-GCM allows.
LIMIT = 2**32
_NUMBER = 8
_MARK = '{"type":"sealed"'
# Compared, not read as JSON: what comes here was written by nobody who is known yet.
_SEALED = re.compile(re.escape(_MARK) + r',"n":(0|[1-9][0-9]{0,9}),"ct":"([A-Za-z0-9+/=]*)"\}')
_TEXT, _BYTES = b"text", b"bytes"


class Direction(Enum):
    """Who reads."""

    TO_SERVER = b"to server"
    TO_CLIENT = b"to client"

    @property
    def other(self) -> Direction:
        return Direction.TO_CLIENT if self is Direction.TO_SERVER else Direction.TO_SERVER


class _Contexts:
    """What is bound into each frame, besides its number."""

    __slots__ = ("bytes", "text")

    def __init__(self, direction: Direction, connection: str) -> None:
        # The id comes last: it alone has no fixed length.
        self.text, self.bytes = (
            b"\0".join((b"velocious realtime v1", direction.value, kind, connection.encode()))
            for kind in (_TEXT, _BYTES)
        )


class NativeSealer:
    """Seals the frames of one direction."""

    __slots__ = ("_aead", "_contexts", "_next")

    def __init__(self, aead: Aead, direction: Direction, connection: str) -> None:
        self._aead = aead
        self._contexts = _Contexts(direction, connection)
        self._next = 0

    async def seal(self, frame: Frame) -> Frame:
        number = self._next
        if number >= LIMIT:
            raise EncryptionError(
                f"This connection has sent {LIMIT:,} frames with the same key, which is the most. "
                "Open a new one."
            )
        # Before anything can wait or fail: a number is never used twice.
        self._next = number + 1
        if isinstance(frame, str):
            sealed = await self._aead.seal(_nonce(number), utf8(frame), self._contexts.text)
            return f'{{"type":"sealed","n":{number},"ct":"{to_text(sealed)}"}}'
        sealed = await self._aead.seal(_nonce(number), frame, self._contexts.bytes)
        return number.to_bytes(_NUMBER) + sealed


class NativeOpener:
    """Opens them: each once, in order. After the first refusal, it opens nothing any more."""

    __slots__ = ("_aead", "_contexts", "_expected", "_refused")

    def __init__(self, aead: Aead, direction: Direction, connection: str) -> None:
        self._aead = aead
        self._contexts = _Contexts(direction, connection)
        self._expected = 0
        self._refused: FrameRefusedError | None = None

    async def open(self, wire: Frame) -> Frame:
        if self._refused is not None:
            raise FrameRefusedError(self._refused.reason)
        try:
            return await self._open(wire)
        except FrameRefusedError as error:
            self._refused = error
            raise

    async def _open(self, wire: Frame) -> Frame:
        is_text = isinstance(wire, str)
        number, sealed = _text_parts(wire) if is_text else _bytes_parts(wire)
        if number != self._expected:
            raise FrameRefusedError("replayed" if number < self._expected else "out_of_order")
        self._expected = number + 1
        context = self._contexts.text if is_text else self._contexts.bytes
        opened = await self._aead.open(_nonce(number), sealed, context)
        if opened is None:
            raise FrameRefusedError("not_authentic")
        return from_utf8(opened) if is_text else opened


def _nonce(number: int) -> bytes:
    return number.to_bytes(NONCE)


def _text_parts(wire: str) -> tuple[int, bytes]:
    found = _SEALED.fullmatch(wire)
    if found is None:
        raise FrameRefusedError("malformed" if wire.startswith(_MARK) else "unencrypted")
    number, sealed = int(found[1]), from_text(found[2])
    if number >= LIMIT or sealed is None or len(sealed) < TAG:
        raise FrameRefusedError("malformed")
    return number, sealed


def _bytes_parts(wire: bytes) -> tuple[int, bytes]:
    number = int.from_bytes(wire[:_NUMBER])
    if len(wire) < _NUMBER + TAG or number >= LIMIT:
        raise FrameRefusedError("malformed")
    return number, wire[_NUMBER:]
