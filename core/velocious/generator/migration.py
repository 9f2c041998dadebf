"""Writes a migration whose steps follow from its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from velocious.errors import CommandError
from velocious.generator.template import rendered
from velocious.generator.version import next_version
from velocious.generator.writing import difference
from velocious.naming import underscore

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.files import Files
    from velocious.generator.steps import Steps
    from velocious.generator.writing import GeneratedFiles

FOLDER = "app/db/migrations"


def write_migration(
    configuration: Configuration,
    written: GeneratedFiles,
    class_name: str,
    steps: Steps,
) -> str:
    """Write the migration *class_name*; its path.

    Raises:
        CommandError: one of that name exists, and *written* may not replace it.
    """
    files, name = configuration.files, underscore(class_name)
    text = migration_text(class_name, steps)
    path = existing_migration(files, name)
    if path is None:
        version = next_version(configuration.clock.now(), files.list(FOLDER))
        path = f"{FOLDER}/{version}_{name}.py"
    elif not written.force:
        raise CommandError(
            f"There is a migration {name!r} already: {path}. Choose another name, remove that "
            f"file, or replace it: --force.{difference(files, path, text)}"
        )
    written.write(path, text)
    return path


def migration_text(class_name: str, steps: Steps) -> str:
    """The file of a migration."""
    values = {"class_name": class_name, "up": _block(steps.up), "down": _block(steps.down)}
    return rendered("migration.py", values)


def existing_migration(files: Files, name: str) -> str | None:
    """The path of the migration called *name*, if there is one."""
    found = [file for file in files.list(FOLDER) if re.fullmatch(rf"\d{{14}}_{name}\.py", file)]
    return f"{FOLDER}/{found[0]}" if found else None


def _block(lines: list[str]) -> str:
    return "\n".join(f"        {line}" for line in lines)
