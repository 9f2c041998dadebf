"""The application bundle: exactly the files that ``Configuration(browser=[…])`` lists.

Law: what is not listed is never sent. A path outside of the application, a hidden file, a database
or
a password raises instead of being left out or let through.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError, suggestion
from velocious_node.browser.withheld import refuse_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from velocious.configuration import Configuration

DATABASE_ENDINGS = (".sqlite3", ".sqlite3-wal", ".sqlite3-shm", ".sqlite3-journal", ".db")
LEFT_OUT = frozenset({"__pycache__", "node_modules"})


def bundle_files(directory: Path, listed: Iterable[str]) -> dict[str, Path]:
    """The files to send: their names in the bundle → where they are.

    Raises:
        ConfigurationError: a listed path is not below *directory*, does not exist, or leads out of
        it.
    """
    root = directory.resolve()
    found: dict[str, Path] = {}
    for path in listed:
        for file in _files_at(root, _checked(root, path), path):
            found[file.relative_to(root).as_posix()] = file
    return dict(sorted(found.items()))


def bundle_contents(configuration: Configuration) -> dict[str, bytes]:
    """The bytes of every file to send. Raises ConfigurationError where one holds a password or
    the secret.
    """
    if configuration.directory is None or not configuration.browser:
        return {}
    files = bundle_files(Path(configuration.directory), configuration.browser)
    contents = {name: file.read_bytes() for name, file in files.items()}
    refuse_secrets(configuration, contents, "which browser lists")
    return contents


def _checked(root: Path, listed: str) -> Path:
    place = Path(os.path.normpath(root / listed))
    if os.path.isabs(listed) or not listed.strip("./") or root not in place.parents:
        raise ConfigurationError(
            f"browser lists {listed!r}, which is not a path below the application's directory. "
            'Name files and folders inside it, for example browser=["app/models"].'
        )
    if any(part.startswith(".") for part in place.relative_to(root).parts):
        raise ConfigurationError(
            f"browser lists {listed!r}, which is hidden. Hidden files hold secrets and are never "
            "sent; "
            "move what the browser needs to a file without a leading dot."
        )
    if not place.exists():
        neighbours = os.listdir(place.parent) if place.parent.is_dir() else []
        raise ConfigurationError(
            f"browser lists {listed!r}, but there is no such file or folder in {str(root)!r}. "
            f"{suggestion(place.name, neighbours)}"
        )
    return place


def _files_at(root: Path, place: Path, listed: str) -> Iterator[Path]:
    _refuse_exit(root, place, listed)
    if place.is_file():
        if place.name.endswith(DATABASE_ENDINGS):
            raise ConfigurationError(
                f"browser lists {listed!r}, which would send the database {place.name!r} to "
                "everybody. "
                "List folders that hold no database; each browser makes its own by migrations."
            )
        yield place
        return
    for entry in sorted(place.iterdir()):
        if not (entry.name.startswith(".") or entry.name in LEFT_OUT or entry.suffix == ".pyc"):
            yield from _files_at(root, entry, listed)


def _refuse_exit(root: Path, place: Path, listed: str) -> None:
    target = place.resolve()
    # A link inside the tree could also stand for a file that nobody listed.
    if target != place:
        raise ConfigurationError(
            f"browser lists {listed!r}, where {place.relative_to(root).as_posix()!r} is a link to "
            f"{str(target)!r}. Links are not followed: put a copy of the file there, or list its "
            "own path."
        )
