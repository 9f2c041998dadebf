"""Writes a migration whose steps follow from its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from velocious.errors import CommandError, WrongUsageError
from velocious.generator.template import rendered
from velocious.generator.version import next_version
from velocious.naming import underscore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.configuration import Configuration
    from velocious.generator.column import GeneratedColumn
    from velocious.generator.writing import GeneratedFiles

FOLDER = "app/db/migrations"
_CREATE = re.compile(r"create_(?P<table>\w+)")
_ADD = re.compile(r"add_\w+_to_(?P<table>\w+)")
_REMOVE = re.compile(r"remove_\w+_from_(?P<table>\w+)")


@dataclass(frozen=True, slots=True)
class Steps:
    """What a migration does and how that is undone: lines of code."""

    up: list[str]
    down: list[str]


def write_migration(
    configuration: Configuration,
    written: GeneratedFiles,
    class_name: str,
    steps: Steps,
) -> str:
    """Write the migration *class_name*; its path.

    Raises:
        CommandError: one of that name exists.
    """
    name = underscore(class_name)
    existing = configuration.files.list(FOLDER)
    for file in existing:
        if re.fullmatch(rf"\d{{14}}_{name}\.py", file):
            raise CommandError(
                f"There is a migration {name!r} already: {FOLDER}/{file}. "
                "Choose another name, or remove that file."
            )
    path = f"{FOLDER}/{next_version(configuration.clock.now(), existing)}_{name}.py"
    values = {"class_name": class_name, "up": _block(steps.up), "down": _block(steps.down)}
    written.write(path, rendered("migration.py", values))
    return path


def steps_for(class_name: str, columns: Sequence[GeneratedColumn]) -> Steps:
    """The steps that the name of a migration and its columns mean.

    Raises:
        WrongUsageError: there are columns, but the name does not say of which table.
    """
    name = underscore(class_name)
    if found := _CREATE.fullmatch(name):
        return create_table(found["table"], columns)
    if found := _ADD.fullmatch(name):
        return _add(found["table"], columns)
    if found := _REMOVE.fullmatch(name):
        added = _add(found["table"], columns)
        return Steps(up=added.down, down=added.up)
    if columns:
        raise WrongUsageError(
            f"{class_name} has columns, but its name does not say for which table. Call it "
            "CreateTasks, AddPriorityToTasks or RemovePriorityFromTasks, or give no columns."
        )
    return Steps(up=["pass  # what this migration changes"], down=["pass  # how to undo it"])


def create_table(table: str, columns: Sequence[GeneratedColumn]) -> Steps:
    """Steps that make *table*, with times of creation and change."""
    lines = [f't.{column.kind}("{column.name}"{column.options})' for column in columns]
    body = [f"    {line}" for line in [*lines, "t.timestamps()"]]
    head = f'async with self.create_table("{table}") as t:'
    return Steps(up=[head, *body], down=[f'await self.drop_table("{table}")'])


def _add(table: str, columns: Sequence[GeneratedColumn]) -> Steps:
    up = [line for column in columns for line in _add_lines(table, column)]
    down = [line for column in reversed(columns) for line in _remove_lines(table, column)]
    nothing = ["pass  # no columns were given"]
    return Steps(up=up or nothing, down=down or nothing)


def _add_lines(table: str, column: GeneratedColumn) -> list[str]:
    place = f'"{table}", "{column.name}"'
    if column.kind == "references":
        # The rows that are there already point nowhere.
        return [f"await self.add_reference({place}, foreign_key=True)"]
    return [f'await self.add_column({place}, "{column.kind}"{column.options})']


def _remove_lines(table: str, column: GeneratedColumn) -> list[str]:
    verb = "remove_reference" if column.kind == "references" else "remove_column"
    return [f'await self.{verb}("{table}", "{column.name}")']


def _block(lines: list[str]) -> str:
    return "\n".join(f"        {line}" for line in lines)
