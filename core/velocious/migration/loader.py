"""Migrations from the source files of a folder.

Law: a file is run under a module name that nobody else has, and leaves nothing in ``sys.modules``.
"""

from __future__ import annotations

import sys
from inspect import iscoroutinefunction
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from velocious.errors import MigrationError
from velocious.migration.checksum import checksum
from velocious.migration.file_name import FOLDER, file_names, parsed_name, refuse_duplicates
from velocious.migration.migration import Migration, has_steps, says_twice
from velocious.migration.provider import MigrationSource

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.files import Files


class MigrationFile(NamedTuple):
    """A file's path, as people and debuggers find it, and its text."""

    path: str
    text: str

    @property
    def name(self) -> str:
        return self.path.replace("\\", "/").rpartition("/")[2]


def load_folder(files: Files, folder: str = FOLDER) -> list[MigrationSource]:
    """The migrations in *folder*, by version.

    Raises:
        MigrationError: for a file with a wrong name, that does not import, or without a migration.
    """
    paths = [f"{folder}/{name}" for name in file_names(files, folder)]
    return load([MigrationFile(files.absolute(path), files.read_text(path)) for path in paths])


def load(files: Iterable[MigrationFile]) -> list[MigrationSource]:
    """The migrations of *files*, by version; see :func:`load_folder`."""
    ordered = sorted(files, key=lambda file: file.name)
    parsed = [(file, *parsed_name(file.name)) for file in ordered]
    refuse_duplicates([(version, file.name) for file, version, _ in parsed])
    return [
        MigrationSource(
            version=version,
            name=name,
            migration=_migration(file, f"velocious_migration_{version}_{name}"),
            checksum=checksum(file.text),
            text=file.text,
        )
        for file, version, name in parsed
    ]


def _migration(file: MigrationFile, module_name: str) -> type[Migration]:
    module = _run(file, module_name)
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Migration)
        and value.__module__ == module_name
        and not value.__name__.startswith("_")
    ]
    if len(found) != 1:
        listed = ", ".join(sorted(migration.__name__ for migration in found)) or "none"
        raise MigrationError(
            f"{file.name} must hold one class derived from velocious.migration.Migration, but it "
            f"has {listed}. Keep one migration in a file; start the names of base classes with '_'."
        )
    check_migration(found[0], file.name)
    return found[0]


def check_migration(migration: type[Migration], place: str) -> None:
    """Raise MigrationError unless *migration* can be run."""
    if says_twice(migration):
        raise MigrationError(
            f"{migration.__name__} in {place} has both change() and up() or down(). Keep one way: "
            "change() alone, or up() and down()."
        )
    if not has_steps(migration):
        raise MigrationError(
            f"{migration.__name__} in {place} has no up() and no change(). "
            "Add `async def change(self):` with what it changes."
        )
    for method in (migration.change, migration.up, migration.down):
        if not iscoroutinefunction(method):
            raise MigrationError(
                f"{migration.__name__}.{method.__name__} in {place} is not asynchronous. "
                f"Write `async def {method.__name__}(self):` and await what it calls."
            )


def _run(file: MigrationFile, module_name: str) -> ModuleType:
    module = ModuleType(module_name)
    module.__file__ = file.path
    # Data classes look their module up while they are made.
    sys.modules[module_name] = module
    try:
        exec(compile(file.text, file.path, "exec", dont_inherit=True), vars(module))
    except Exception as error:
        raise MigrationError(
            f"{file.name} cannot be loaded: {type(error).__name__}: {error}. "
            f"Correct the file {file.path}."
        ) from error
    finally:
        del sys.modules[module_name]
    return module
