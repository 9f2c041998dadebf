"""Bytes on their way into a storage and out of it: counted, hashed and never there as a whole."""

from __future__ import annotations

import hashlib
from contextlib import aclosing
from typing import TYPE_CHECKING, cast

from velocious.errors import (
    AttachmentDamagedError,
    AttachmentInputError,
    AttachmentTooLargeError,
)
from velocious.files import CHUNK_SIZE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


class Measured:
    """*chunks* of any size as chunks of CHUNK_SIZE bytes (the last one may be shorter).

    Attributes:
        size: the bytes that came so far.

    Raises:
        AttachmentTooLargeError: as soon as there are more than *limit*.
    """

    def __init__(self, chunks: AsyncGenerator[bytes], name: str, limit: int | None) -> None:
        self._chunks = chunks
        self._name = name
        self._limit = limit
        self._hash = hashlib.sha256()
        self.size = 0

    @property
    def checksum(self) -> str:
        """The SHA-256 of what came so far, in hexadecimal."""
        return self._hash.hexdigest()

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        waiting = bytearray()
        async with aclosing(self._chunks) as chunks:
            async for chunk in chunks:
                rest = memoryview(self._checked(chunk))
                while rest:
                    missing = CHUNK_SIZE - len(waiting)
                    waiting += rest[:missing]
                    rest = rest[missing:]
                    if len(waiting) == CHUNK_SIZE:
                        yield self._hashed(bytes(waiting))
                        waiting.clear()
        if waiting:
            yield self._hashed(bytes(waiting))

    def _checked(self, chunk: object) -> bytes:
        if not isinstance(chunk, bytes | bytearray | memoryview):
            raise AttachmentInputError(
                f"The stream for {self._name!r} gave {type(chunk).__name__} instead of bytes. Open "
                'files in binary mode ("rb"), and encode text.'
            )
        data = chunk if isinstance(chunk, bytes) else bytes(cast("bytearray", chunk))
        self.size += len(data)
        if self._limit is not None and self.size > self._limit:
            raise AttachmentTooLargeError(self._name, self._limit)
        return data

    def _hashed(self, piece: bytes) -> bytes:
        self._hash.update(piece)
        return piece


async def verified(
    chunks: AsyncGenerator[bytes], filename: str, size: int, checksum: str
) -> AsyncGenerator[bytes]:
    """*chunks*, compared with what was attached once the last one has come.

    Raises:
        AttachmentDamagedError: they are not the same bytes.
    """
    seen, digest = 0, hashlib.sha256()
    async with aclosing(chunks):
        async for chunk in chunks:
            seen += len(chunk)
            digest.update(chunk)
            yield chunk
    if seen != size or digest.hexdigest() != checksum:
        raise AttachmentDamagedError(
            f"The stored file {filename!r} has {seen:,} bytes that are not the {size:,} that were "
            "attached. Restore it from a backup, or attach it again."
        )
