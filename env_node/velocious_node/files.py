"""The files port over the disk.

Law: a write is whole or not at all: a temporary file beside the target, flushed to the disk, then
renamed over it.
"""

from __future__ import annotations

import os
import stat
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from velocious.errors import PlatformError, suggestion
from velocious.files import Digests, encoded_text

if TYPE_CHECKING:
    from collections.abc import Generator

_numbers = count()


class NodeFiles:
    """The files of the application at *directory* (None: of the working directory)."""

    def __init__(self, directory: str | None = None) -> None:
        self._directory = os.path.abspath(directory or os.curdir)
        self._digests = Digests()

    def exists(self, path: str) -> bool:
        return os.path.isfile(self.absolute(path))

    def read_text(self, path: str) -> str:
        try:
            return self.read_bytes(path).decode("utf-8")
        except UnicodeDecodeError as error:
            raise PlatformError(
                f"The file {path!r} is not UTF-8 text (byte {error.start}). Save it as UTF-8."
            ) from error

    def read_bytes(self, path: str) -> bytes:
        try:
            with open(self.absolute(path), "rb") as file:
                return file.read()
        except FileNotFoundError:
            raise PlatformError(
                f"There is no file {path!r} in {self._directory!r}. {self._nearby(path)}"
            ) from None
        except OSError as error:
            raise _unusable(path, "read", error) from error

    def write_text(self, path: str, text: str) -> None:
        target = self.absolute(path)
        folder, name = os.path.split(target)
        beside = os.path.join(folder, f".{name}.{os.getpid()}-{next(_numbers)}.writing")
        content = encoded_text(path, text)
        try:
            os.makedirs(folder, exist_ok=True)
            _write_durably(beside, content)
            _keep_mode(target, beside)
            os.replace(beside, target)
            flush_folder(folder)
        except OSError as error:
            _remove_if_there(beside)
            raise _unusable(path, "written", error) from error

    def remove(self, path: str) -> None:
        try:
            os.remove(self.absolute(path))
        except FileNotFoundError:
            raise PlatformError(
                f"There is no file {path!r} to remove in {self._directory!r}. {self._nearby(path)}"
            ) from None
        except OSError as error:
            raise _unusable(path, "removed", error) from error

    def list(self, directory: str) -> list[str]:
        try:
            return sorted(os.listdir(self.absolute(directory)))
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise _unusable(directory, "listed", error) from error

    def absolute(self, path: str) -> str:
        return os.path.normpath(os.path.join(self._directory, path))

    def revision(self) -> None:
        """Editors and other programs write the same files."""

    def digest(self, path: str) -> str | None:
        place = self.absolute(path)
        try:
            described = os.stat(place)
            if not stat.S_ISREG(described.st_mode):
                return None
            state = (described.st_size, described.st_mtime_ns)
            return self._digests.of(place, state, partial(_bytes_of, place))
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _nearby(self, path: str) -> str:
        folder, name = os.path.split(path)
        return suggestion(name, self.list(folder or os.curdir))


def names_below(directory: str) -> Generator[str]:
    """The POSIX-style paths of all files below *directory*, sorted, caches left out."""
    for folder, folders, names in os.walk(directory):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            path = os.path.relpath(os.path.join(folder, name), directory)
            yield path.replace(os.sep, "/")


def _write_durably(path: str, content: bytes) -> None:
    with open(path, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _keep_mode(target: str, beside: str) -> None:
    if os.path.exists(target):
        os.chmod(beside, os.stat(target).st_mode & 0o7777)


def flush_folder(folder: str) -> None:
    # A rename survives a power loss only when its folder has been flushed too; Windows has no such
    # call and does not need it.
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_if_there(path: str) -> None:
    if os.path.exists(path):
        os.remove(path)


def _unusable(path: str, verb: str, error: OSError) -> PlatformError:
    return PlatformError(
        f"The path {path!r} could not be {verb}: {error.strerror}. "
        "Check the permissions of it and of its directory, and the free space of the disk."
    )


def _bytes_of(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
