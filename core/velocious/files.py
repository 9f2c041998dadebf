"""The port for reading and writing an application's files.

Law: paths are POSIX-style and relative to the application's root (``"db/structure-default.sql"``);
an absolute path is used as it is. Core never opens files itself.
"""

from __future__ import annotations

from typing import Protocol

from velocious.errors import PlatformError


class Files(Protocol):
    """An application's files. Every method raises :class:`velocious.errors.PlatformError` where it
    cannot work.
    """

    def exists(self, path: str) -> bool: ...

    def read_text(self, path: str) -> str: ...

    def write_text(self, path: str, text: str) -> None:
        """Write *text* whole or not at all (a reader never sees half of it); parents are made."""
        ...

    def remove(self, path: str) -> None: ...

    def list(self, directory: str) -> list[str]:
        """The sorted names in *directory*; an absent directory is an empty list."""
        ...

    def absolute(self, path: str) -> str: ...


def encoded_text(path: str, text: str) -> bytes:
    """*text*, to be written to *path*, as UTF-8. Raises PlatformError for half characters."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise PlatformError(
            f"The text for {path!r} has {text[error.start]!r} at {error.start}, which UTF-8 cannot "
            "hold. Remove half characters (surrogates) before writing."
        ) from error
