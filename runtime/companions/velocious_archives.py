"""Imports modules from archives whose members are stored: one read and one ``loads`` for each.

``zipimport`` opens the archive anew for every module, reads a header, and asks along ``sys.path``
first; with the three hundred modules of a start that adds up. An archive that is fetched later is
fetched when one of its modules is first imported.

Law: it imports nothing that Python has not loaded by itself. A module of somebody else's is found
as ever: only what the standard library, Velocious and packages that came from an archive hold is
found here.
"""

from __future__ import annotations

import marshal
import posix
import sys

# Under this name Python has it before it has any module from an archive.
from _frozen_importlib import ModuleSpec
from zipimport import zipimporter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import CodeType, ModuleType
    from typing import Any

FOLDER = "/lib/velocious/"
LOCAL_HEADER = 30
"""Bytes before a member's name; the build writes no extra fields behind it."""
PYC_HEADER = 16
STORED = 0


class StoredImporter(zipimporter):
    """Loads the modules of one folder of an archive that never changes."""

    def __init__(
        self,
        archive: str,
        prefix: str,
        places: dict[str, tuple[int, int]],
        descriptors: dict[str, int],
    ) -> None:
        self.archive = archive
        self.prefix = prefix
        self._places = places
        self._descriptors = descriptors

    def get_code(self, fullname: str) -> CodeType:
        descriptor = self._descriptors.get(self.archive)
        if descriptor is None:
            descriptor = posix.open(self.archive, posix.O_RDONLY)
            self._descriptors[self.archive] = descriptor
        size, offset = self._places[fullname]
        return marshal.loads(memoryview(posix.pread(descriptor, size, offset))[PYC_HEADER:])

    def get_filename(self, fullname: str) -> str:
        return str(sys.modules[fullname].__file__)

    def invalidate_caches(self) -> None:
        """Nothing to forget."""


class StoredModules:
    """Finds the modules of the archives that are there."""

    def __init__(self, standard_library: str) -> None:
        self._standard_library = standard_library
        self._found_here: tuple[str, ...] = (f"{standard_library}/", FOLDER)
        self._places: dict[str, tuple[int, int]] = {}
        self._files: dict[str, tuple[str, str]] = {}
        self._descriptors: dict[str, int] = {}
        """Archive → its open file, once a module of it was read."""
        self._archives: set[str] = set()
        self._top: set[str] = set()
        self._loaders: dict[str, StoredImporter] = {}

    def add(self, archive: str, *, first: bool) -> None:
        """Find what *archive* holds; *first*: before what ``sys.path`` would find."""
        if archive in self._archives:
            # Known from the visit that left its memory to this one.
            return
        self._archives.add(archive)
        files: dict[str, tuple[Any, ...] | None] = _files_of(archive)
        for name, entry in files.items():
            # A folder that has no entry of its own is listed with nothing.
            if entry is None or entry[1] != STORED or not name.endswith(".pyc"):
                continue
            size, offset = entry[2], entry[4]
            module = name[:-4].replace("/", ".").removesuffix(".__init__")
            start = offset + LOCAL_HEADER + len(name.encode())
            self._places[module] = (size, start)
            self._files[module] = (archive, name)
            if first:
                self._top.add(module.partition(".")[0])

    def reopen(self) -> None:
        """The same archives lie where they did, in files that were written since."""
        self._descriptors.clear()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        file = self._files.get(fullname)
        if file is None:
            return None
        if path is None:
            if fullname not in self._top:
                return None
        elif not any(place.startswith(self._found_here) for place in path):
            return None
        archive, name = file
        is_package = name.endswith("/__init__.pyc")
        folder = name[: -len("/__init__.pyc")] if is_package else ""
        spec = ModuleSpec(
            fullname,
            self._loader(archive, name, is_package),  # pyright: ignore[reportArgumentType]
            origin=f"{archive}/{name}",
            is_package=is_package,
        )
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [f"{archive}/{folder}"]
        return spec

    def _loader(self, archive: str, name: str, is_package: bool) -> StoredImporter:
        # Of the folder that the module, or the package's own folder, lies in: as zipimport has it.
        place = name[: -len("/__init__.pyc")] if is_package else name
        prefix = place[: place.rfind("/") + 1]
        loader = self._loaders.get(archive + prefix)
        if loader is None:
            loader = StoredImporter(archive, prefix, self._places, self._descriptors)
            self._loaders[archive + prefix] = loader
        return loader


class LazyArchives:
    """Fetches the archives that may hold a module when nobody else has found it."""

    def __init__(self, load: Callable[[str], None]) -> None:
        self._load = load
        self._waiting: dict[str, list[str]] = {}

    def wait_for(self, archive: str, modules: Iterable[str]) -> None:
        """*modules*: the names without a dot that *archive* has something of."""
        for module in modules:
            self._waiting.setdefault(module, []).append(archive)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        archives = self._waiting.pop(fullname.partition(".")[0], None)
        if archives is None:
            return None
        for archive in archives:
            self._load(archive)
        from importlib.util import find_spec

        return find_spec(fullname)


def _files_of(archive: str) -> Any:
    return zipimporter(archive)._get_files()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]


_stored: StoredModules | None = None


def install(standard_library: str) -> None:
    """Find the modules of the standard library's archive."""
    global _stored
    if not standard_library.endswith(".zip"):
        return
    _stored = StoredModules(standard_library)
    _stored.add(standard_library, first=True)
    # After built-in and frozen modules, before sys.path.
    sys.meta_path.insert(2, _stored)


def add(archive: str, first: bool) -> None:
    """Find the modules of *archive*; *first*: before what ``sys.path`` would find."""
    if archive not in sys.path:
        sys.path.append(archive)
    if _stored is not None:
        _stored.add(archive, first=first)


def reopen() -> None:
    """Every file of this Python is another one: those that were open are not."""
    if _stored is not None:
        _stored.reopen()


def wait_for(archives: str, load: Callable[[str], None]) -> None:
    """Have ``load(name)`` called when a module of an archive that is not there is imported.

    *archives*: JSON of pairs of a name and the names without a dot that it has something of.
    """
    from json import loads

    lazy = LazyArchives(load)
    for name, modules in loads(archives):
        lazy.wait_for(name, modules)
    sys.meta_path.append(lazy)
