"""What the name of a migration says, as lines of code.

Law: what a name means is undone by its ``down``, exactly; a name that means nothing makes an empty
migration, and never a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from velocious.errors import WrongUsageError
from velocious.generator.column import parse_columns
from velocious.naming import singularize, underscore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.generator.column import GeneratedColumn

EXAMPLES = (
    "CreateTasks name:string!, AddPriorityToTasks priority:integer, "
    "RemovePriorityFromTasks priority:integer, AddIndexToTasks name:unique, "
    "CreateJoinTable projects tags, RenameTitleToNameInTasks, RenameTasksToJobs, DropTasks"
)
_INDEXED = re.compile(r"(?P<name>[a-z_][a-z0-9_]*)(?P<unique>:unique)?(:index)?")
_NAME = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Steps:
    """What a migration does and how that is undone: lines of code."""

    up: list[str]
    down: list[str]

    def reversed(self) -> Steps:
        """The steps that undo these."""
        return Steps(up=self.down, down=self.up)


def steps_for(class_name: str, words: Sequence[str]) -> Steps:
    """The steps that the name of a migration and the words behind it mean.

    Raises:
        WrongUsageError: there are words that the name gives no meaning to.
    """
    name = underscore(class_name)
    for form, make in _FORMS:
        found = re.fullmatch(form, name)
        if found:
            return make(found, tuple(words))
    if words:
        raise WrongUsageError(
            f"{class_name} has columns, but its name does not say for which table. Write for "
            f"example: {EXAMPLES}. Or give no columns."
        )
    return Steps(up=["pass  # what this migration changes"], down=["pass  # how to undo it"])


def create_table(table: str, columns: Sequence[GeneratedColumn]) -> Steps:
    """Steps that make *table*, with times of creation and change."""
    lines = [f't.{column.stored_kind}("{column.name}"{column.options})' for column in columns]
    body = [f"    {line}" for line in [*lines, "t.timestamps()"]]
    head = f'async with self.create_table("{table}") as t:'
    return Steps(up=[head, *body], down=[f'await self.drop_table("{table}")'])


# What each form of a name means


def _create(found: re.Match[str], words: tuple[str, ...]) -> Steps:
    return create_table(found["table"], parse_columns(words))


def _drop(found: re.Match[str], words: tuple[str, ...]) -> Steps:
    return create_table(found["table"], parse_columns(words)).reversed()


def _add(found: re.Match[str], words: tuple[str, ...]) -> Steps:
    table, columns = found["table"], parse_columns(words)
    up = [line for column in columns for line in _add_lines(table, column)]
    down = [line for column in reversed(columns) for line in _remove_lines(table, column)]
    nothing = ["pass  # no columns were given"]
    return Steps(up=up or nothing, down=down or nothing)


def _remove(found: re.Match[str], words: tuple[str, ...]) -> Steps:
    return _add(found, words).reversed()


def _add_index(found: re.Match[str], words: tuple[str, ...]) -> Steps:
    table = found["table"]
    parts = [_INDEXED.fullmatch(word) for word in words]
    names = [part["name"] for part in parts if part]
    if not words or len(names) != len(words):
        raise WrongUsageError(
            f"An index of {table} needs the columns it is of (got {' '.join(words)!r}). Write for "
            "example: AddIndexToTasks project_id name:unique"
        )
    listed = ", ".join(f'"{name}"' for name in names)
    unique = ", unique=True" if any(part and part["unique"] for part in parts) else ""
    return Steps(
        up=[f'await self.add_index("{table}", [{listed}]{unique})'],
        down=[f'await self.remove_index("{table}", [{listed}])'],
    )


def _remove_index(found: re.Match[str], words: tuple[str, ...]) -> Steps:
    return _add_index(found, words).reversed()


def _rename_column(found: re.Match[str], words: tuple[str, ...]) -> Steps:
    _no_columns(words, "a renamed column")
    table, old, new = found["table"], found["old"], found["new"]
    return Steps(
        up=[f'await self.rename_column("{table}", "{old}", "{new}")'],
        down=[f'await self.rename_column("{table}", "{new}", "{old}")'],
    )


def _rename_table(found: re.Match[str], words: tuple[str, ...]) -> Steps:
    _no_columns(words, "a renamed table")
    old, new = found["old"], found["new"]
    return Steps(
        up=[f'await self.rename_table("{old}", "{new}")'],
        down=[f'await self.rename_table("{new}", "{old}")'],
    )


def _create_join_table(found: re.Match[str], words: tuple[str, ...]) -> Steps:
    names = sorted(words)
    if len(names) != 2 or not all(_NAME.fullmatch(name) for name in names):
        raise WrongUsageError(
            f"A join table needs the two tables that it joins (got {' '.join(words)!r}). Write for "
            "example: CreateJoinTable projects tags"
        )
    table = "_".join(names)
    keys = [singularize(name) for name in names]
    columns = [
        f'    t.references("{key}", foreign_key="{name}", null=False)'
        for key, name in zip(keys, names, strict=True)
    ]
    pair = ", ".join(f'"{key}_id"' for key in keys)
    head = f'async with self.create_table("{table}", id=False) as t:'
    return Steps(
        up=[head, *columns, f"    t.index([{pair}], unique=True)"],
        down=[f'await self.drop_table("{table}")'],
    )


_FORMS = (
    (r"create_join_table(_\w+)?", _create_join_table),
    (r"create_(?P<table>\w+)", _create),
    (r"drop_(table_)?(?P<table>\w+)", _drop),
    (r"add_(\w+_)?index_to_(?P<table>\w+)", _add_index),
    (r"remove_(\w+_)?index_from_(?P<table>\w+)", _remove_index),
    (r"add_\w+_to_(?P<table>\w+)", _add),
    (r"remove_\w+_from_(?P<table>\w+)", _remove),
    (r"rename_(?P<old>\w+?)_to_(?P<new>\w+)_in_(?P<table>\w+)", _rename_column),
    (r"rename_(table_)?(?P<old>\w+?)_to_(?P<new>\w+)", _rename_table),
)


# Lines


def _add_lines(table: str, column: GeneratedColumn) -> list[str]:
    place = f'"{table}", "{column.name}"'
    if column.kind == "references":
        # The rows that are there already point nowhere.
        kind = "polymorphic=True" if column.polymorphic else "foreign_key=True"
        unique = ", unique=True" if column.index == "unique" else ""
        return [f"await self.add_reference({place}, {kind}{unique})"]
    return [f'await self.add_column({place}, "{column.stored_kind}"{column.options})']


def _remove_lines(table: str, column: GeneratedColumn) -> list[str]:
    place = f'"{table}", "{column.name}"'
    if column.kind == "references":
        polymorphic = ", polymorphic=True" if column.polymorphic else ""
        return [f"await self.remove_reference({place}{polymorphic})"]
    return [f"await self.remove_column({place})"]


def _no_columns(words: Sequence[str], what: str) -> None:
    if words:
        raise WrongUsageError(
            f"The name says all of {what}; {' '.join(words)!r} is too much. Leave it out."
        )
