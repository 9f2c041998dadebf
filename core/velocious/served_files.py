"""The port for files that controllers send: ordinary files of this machine, read from anywhere.

Law: nothing is in memory as a whole, and what is found has no symbolic link left in its path, so
that who asks for a folder's files can tell what is outside of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


class ServedFile(NamedTuple):
    """A file as it was when it was looked at.

    Attributes:
        path: absolute, with every symbolic link resolved.
        size: in bytes.
        modified: when it was last written, in nanoseconds since 1970.
    """

    path: str
    size: int
    modified: int


class ServedFiles(Protocol):
    """Files, by paths relative to the application's root or absolute."""

    async def find(self, path: str) -> ServedFile | None:
        """The ordinary file at *path*; None for what is none, or is not there."""
        ...

    def folder(self, path: str) -> str:
        """*path* as an absolute one, with every symbolic link resolved."""
        ...

    def read(self, found: ServedFile, start: int, length: int) -> AsyncGenerator[bytes]:
        """*length* bytes from *start* on, in chunks.

        Raises:
            PlatformError: the file cannot be read, or ends before.
        """
        ...
