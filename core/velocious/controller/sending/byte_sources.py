"""What can be sent in parts: bytes, files and the attachments of records."""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from velocious.errors import RecordNotFoundError
from velocious.record.attachments.one_attachment import OneAttachment

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.record.attachments.attachment import AttachedFile
    from velocious.served_files import ServedFile, ServedFiles

#: Bytes in memory leave in pieces too, so that a slow client holds up nobody.
PIECE = 256 * 1024


class ByteSource(Protocol):
    """Bytes whose number is known before they are read."""

    @property
    def size(self) -> int: ...

    @property
    def tag(self) -> str:
        """The strong ETag."""
        ...

    @property
    def modified(self) -> datetime | None: ...

    def read(self, start: int, length: int) -> AsyncGenerator[bytes]:
        """*length* bytes from *start* on."""
        ...


class Memory:
    """Bytes that are there already."""

    modified = None

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    @property
    def tag(self) -> str:
        return f'"{sha256(self._data).hexdigest()[:32]}"'

    async def read(self, start: int, length: int) -> AsyncGenerator[bytes]:
        for at in range(start, start + length, PIECE):
            yield self._data[at : min(at + PIECE, start + length)]


class File:
    """A file of this machine."""

    def __init__(self, files: ServedFiles, found: ServedFile) -> None:
        self._files = files
        self._found = found
        self.size = found.size
        self.tag = f'"{found.modified:x}-{found.size:x}"'
        self.modified = datetime.fromtimestamp(found.modified // 10**9, UTC)

    def read(self, start: int, length: int) -> AsyncGenerator[bytes]:
        return self._files.read(self._found, start, length)


def attachment(attached: AttachedFile | OneAttachment) -> Attachment:
    """The file of a record. Raises RecordNotFoundError where it has none that is stored."""
    row = attached.attachment if isinstance(attached, OneAttachment) else attached
    if row is None:
        raise RecordNotFoundError("Attachment", {})
    return Attachment(row)


class Attachment:
    """A record's file, wherever it is stored."""

    def __init__(self, row: AttachedFile) -> None:
        self._row = row
        self.filename: str = row.filename
        self.content_type: str = row.content_type
        self.size = row.byte_size
        self.tag = f'"{row.checksum}"'
        self.modified = row.created_at

    async def read(self, start: int, length: int) -> AsyncGenerator[bytes]:
        # Storages read from the beginning: what is before the part is passed over.
        position, end = 0, start + length
        async with aclosing(self._row.stream()) as chunks:
            async for chunk in chunks:
                piece = chunk[max(start - position, 0) : end - position]
                if piece:
                    yield piece
                position += len(chunk)
                if position >= end and end < self.size:
                    return
