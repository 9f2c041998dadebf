"""Files in the browser: what the application brought, and over it what it wrote.

Law: the application's own files were unpacked into memory and are read-only; everything written
goes
to the durable directory, and a file there hides the one that came with the application.
"""

from __future__ import annotations

import errno
import os
import stat
from functools import partial
from posixpath import join, normpath
from time import monotonic
from typing import ClassVar

from velocious.errors import PlatformError, suggestion
from velocious.files import Digests, encoded_text

#: How often a file is looked at that somebody may have written with open().
LOOKS_PER_SECOND = 4


class BrowserFiles:
    """The files port over the durable *directory* and the unpacked *bundle* (None.

    No application).
    """

    #: How many files were written or removed through any of these ports.
    _writes: ClassVar[int] = 0

    def __init__(self, directory: str, bundle: str | None = None) -> None:
        self._directory = directory
        self._bundle = bundle
        self._digests = Digests()

    def exists(self, path: str) -> bool:
        return self._found(path) is not None

    def read_text(self, path: str) -> str:
        try:
            return self.read_bytes(path).decode("utf-8")
        except UnicodeDecodeError as error:
            raise PlatformError(
                f"The file {path!r} is not UTF-8 text (byte {error.start}). Save it as UTF-8."
            ) from error

    def read_bytes(self, path: str) -> bytes:
        found = self._found(path)
        if found is None:
            raise PlatformError(
                f"There is no file {path!r}, neither in {self._directory!r} nor among the files "
                f"that the application sends to the browser. {self._nearby(path)}"
            )
        with open(found, "rb") as file:
            return file.read()

    def revision(self) -> tuple[int, int]:
        # The program that writes files here is this one; what it writes past this port, with
        # open(), is noticed within the next part of a second.
        return BrowserFiles._writes, int(monotonic() * LOOKS_PER_SECOND)

    def write_text(self, path: str, text: str) -> None:
        content = encoded_text(path, text)
        target = self.absolute(path)
        beside = f"{target}.writing"
        try:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            _write_durably(beside, content)
            os.replace(beside, target)
            BrowserFiles._writes += 1
        except OSError as error:
            if error.errno == errno.EROFS:
                raise PlatformError(
                    f"The file {path!r} cannot be written in this tab: another tab of the "
                    "application has its files. Keep in the database what every tab may change, "
                    "or close the other tab."
                ) from error
            _remove_if_there(beside)
            raise PlatformError(
                f"The file {path!r} could not be written: {error.strerror}. Free some of this "
                "site's storage, or write to a path below the application's directory."
            ) from error

    def remove(self, path: str) -> None:
        try:
            os.remove(self.absolute(path))
            BrowserFiles._writes += 1
        except FileNotFoundError:
            hint = "It came with the application. " if self.exists(path) else ""
            raise PlatformError(
                f"The file {path!r} cannot be removed: this browser never wrote it. {hint}"
                f"{self._nearby(path)}"
            ) from None

    def list(self, directory: str) -> list[str]:
        names = set(_names(self.absolute(directory)))
        if self._bundle is not None:
            names.update(_names(_below(self._bundle, directory)))
        return sorted(names)

    def absolute(self, path: str) -> str:
        """Where *path* is, or would be, written."""
        return _below(self._directory, path)

    def _found(self, path: str) -> str | None:
        places = [self.absolute(path)]
        if self._bundle is not None:
            places.append(_below(self._bundle, path))
        return next((place for place in places if os.path.isfile(place)), None)

    def digest(self, path: str) -> str | None:
        place = self._found(path)
        if place is None:
            return None
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


def _below(directory: str, path: str) -> str:
    # join() keeps an absolute path as it is.
    return normpath(join(directory, path))


def _names(directory: str) -> list[str]:
    return os.listdir(directory) if os.path.isdir(directory) else []


def _write_durably(path: str, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _remove_if_there(path: str) -> None:
    if os.path.exists(path):
        os.remove(path)


def _bytes_of(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
