"""The names of migrations' files: ``20260131120000_create_tasks.py``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from velocious.errors import MigrationError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.files import Files

FOLDER = "app/db/migrations"

_NAME = re.compile(r"(\d{14})_([a-z0-9_]+)\.py")


def file_names(files: Files, folder: str = FOLDER) -> list[str]:
    """The names of the migrations' files in *folder*."""
    return [name for name in files.list(folder) if name.endswith(".py") and name[0] not in "_."]


def folder_versions(files: Files, folder: str = FOLDER) -> list[str]:
    """The versions of the migrations in *folder*, which are not loaded.

    Raises:
        MigrationError: for a file with a wrong name, and for a version that two files have.
    """
    names = sorted(file_names(files, folder))
    versions = [parsed_name(name)[0] for name in names]
    refuse_duplicates(zip(versions, names, strict=True))
    return versions


def parsed_name(name: str) -> tuple[str, str]:
    """The version and the name in a file's name. Raises MigrationError for another name."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise MigrationError(
            f"{name!r} is not the name of a migration. Name it after the moment it was "
            "written and what it does, such as 20260131120000_create_tasks.py, or make it with "
            "`velocious g:migration CreateTasks`."
        )
    return match.group(1), match.group(2)


def refuse_duplicates(versions: Iterable[tuple[str, str]]) -> None:
    """Raise MigrationError where two of the versions, each with its file's name, are equal."""
    seen: dict[str, str] = {}
    for version, name in versions:
        if version in seen:
            raise MigrationError(
                f"Two migrations have the version {version}: {seen[version]} and {name}. "
                "Give one of them another number."
            )
        seen[version] = name
