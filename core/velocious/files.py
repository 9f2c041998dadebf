"""The ports for reading and writing an application's files: text, and streams of bytes.

Law: paths are POSIX-style and relative to the application's root (``"db/structure-default.sql"``);
an absolute path is used as it is. Core never opens files itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from velocious.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Callable
    from datetime import datetime

#: How many bytes are read, written and kept in memory at a time.
CHUNK_SIZE = 256 * 1024


class Files(Protocol):
    """An application's files. Every method raises :class:`velocious.errors.PlatformError` where it
    cannot work.
    """

    def exists(self, path: str) -> bool: ...

    def read_text(self, path: str) -> str: ...

    def read_bytes(self, path: str) -> bytes:
        """The whole file, for small ones that are no text (images of a page)."""
        ...

    def write_text(self, path: str, text: str) -> None:
        """Write *text* whole or not at all (a reader never sees half of it); parents are made."""
        ...

    def remove(self, path: str) -> None: ...

    def list(self, directory: str) -> list[str]:
        """The sorted names in *directory*; an absent directory is an empty list."""
        ...

    def absolute(self, path: str) -> str: ...

    def revision(self) -> object:
        """Equal to an earlier one where no file can be another than it was then; None where nobody
        can tell, as others may write them at any time.
        """
        ...

    def digest(self, path: str) -> str | None:
        """The SHA-256 of the file's bytes as 64 digits; None where there is no such file. It is
        computed again only when the file's size or time changes.
        """
        ...


class Digests:
    """What a files port keeps of :meth:`Files.digest`."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[tuple[int, int], str]] = {}

    def of(self, path: str, state: tuple[int, int], read: Callable[[], bytes]) -> str:
        """The digest of the file at *path*, whose size and time are *state*."""
        known = self._known.get(path)
        if known is not None and known[0] == state:
            return known[1]
        # Imported here: most programs compute none.
        from hashlib import sha256

        digest = sha256(read()).hexdigest()
        self._known[path] = (state, digest)
        return digest


class FoundFile(NamedTuple):
    """A file below a folder: its path relative to it, and when it was last written (UTC)."""

    path: str
    modified: datetime


class RealFile(NamedTuple):
    """A file with every symbolic link on the way to it resolved, and its size in bytes."""

    path: str
    size: int


class ByteFiles(Protocol):
    """Files of any size, which are never in memory as a whole.

    Every method raises :class:`velocious.errors.PlatformError` where it cannot work.
    """

    async def write(self, path: str, chunks: AsyncIterable[bytes]) -> None:
        """Write a new file whole or not at all, durably; parents are made. A file that is there
        already is an error.
        """
        ...

    def read(self, path: str, *, linked: bool = True) -> AsyncGenerator[bytes]:
        """The file in chunks of at most CHUNK_SIZE bytes. Without *linked*, a path that leads
        over a symbolic link is an error.
        """
        ...

    async def exists(self, path: str) -> bool: ...

    async def remove(self, path: str) -> bool:
        """Remove the file, and what an interrupted write of it left; whether there was one."""
        ...

    def walk(self, directory: str) -> AsyncGenerator[FoundFile]:
        """Every file below *directory*, unfinished ones under the name they would have got."""
        ...

    def real(self, path: str) -> RealFile | None:
        """What *path* leads to, or None where that is no ordinary file."""
        ...

    def real_directory(self, path: str) -> str:
        """*path* as an absolute one, with every symbolic link resolved."""
        ...


class ScratchFile(Protocol):
    """Bytes that nobody keeps: they are gone when it is closed, and when the program ends.

    Every method raises :class:`velocious.errors.PlatformError` where it cannot work.
    """

    async def write(self, data: bytes) -> None:
        """Add *data* at the end."""
        ...

    async def read(self, start: int, size: int) -> bytes:
        """At most *size* bytes from *start* on; fewer only at the end."""
        ...

    async def close(self) -> None:
        """Remove the bytes; safe to call twice."""
        ...


def encoded_text(path: str, text: str) -> bytes:
    """*text*, to be written to *path*, as UTF-8. Raises PlatformError for half characters."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise PlatformError(
            f"The text for {path!r} has {text[error.start]!r} at {error.start}, which UTF-8 cannot "
            "hold. Remove half characters (surrogates) before writing."
        ) from error
