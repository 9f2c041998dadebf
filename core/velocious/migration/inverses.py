"""What undoes each command of a migration.

Law: an inverse brings back the schema that was there, or there is none; it never guesses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import IrreversibleMigrationError
from velocious.migration.recorder import Command
from velocious.naming import foreign_key, singularize

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.migration.recorder import Values
    from velocious.sql.definitions import IndexDefinition

    type Inverse = Callable[[Command], Command]


def inverse(command: Command) -> Command:
    """What undoes *command*.

    Raises:
        IrreversibleMigrationError: with what would make it reversible.
    """
    found = _INVERSES.get(command.method)
    if found is None:
        raise _irreversible(command, _HINTS.get(command.method, _BOTH))
    return found(command)


_BOTH = (
    "Say how it is undone: `await self.reversible(up=…, down=…)`; or, if nothing needs to be, "
    "`await self.up_only(…)`."
)
_HINTS = {
    "execute": "Say how it is undone: `await self.reversible(up=lambda: self.execute(…), "
    "down=lambda: self.execute(…))`; or, if nothing needs to be: "
    "`await self.up_only(lambda: self.execute(…))`.",
    "change_column": "Its old type is not known. Give both: `await self.reversible("
    "up=lambda: self.change_column(…), down=lambda: self.change_column(…))`.",
}


def _irreversible(command: Command, hint: str) -> IrreversibleMigrationError:
    values: list[object] = list(command.values.values())
    shown = ", ".join(repr(value) for value in values[:2] if isinstance(value, str))
    return IrreversibleMigrationError(f"{command.method}({shown})", hint)


def _to(method: str, *names: str) -> Inverse:
    """Undone by *method*, with the arguments called *names*."""

    def made(command: Command) -> Command:
        values = {name: command.values[name] for name in names}
        return Command(method, values | _conditions(command))

    return made


def _same_to(method: str, *without: str) -> Inverse:
    """Undone by *method*, with the same arguments except *without*."""

    def made(command: Command) -> Command:
        left_out = {*without, *_OPPOSITE}
        kept = {name: value for name, value in command.values.items() if name not in left_out}
        conditions = {} if "conditions" in without else _conditions(command)
        return Command(method, kept | conditions, command.table)

    return made


def _conditions(command: Command) -> Values:
    """What is made only if it is missing is removed only if it is there."""
    given = command.values
    return {_OPPOSITE[name]: given[name] for name in _OPPOSITE if name in given}


_OPPOSITE = {"if_exists": "if_not_exists", "if_not_exists": "if_exists"}


def _renamed(command: Command) -> Command:
    values: Values = dict(command.values)
    values["name"], values["new_name"] = values["new_name"], values["name"]
    return Command(command.method, values)


def _if_given(name: str, then: Inverse, hint: str) -> Inverse:
    """As *then*, if the command was given *name*."""

    def made(command: Command) -> Command:
        if command.values.get(name) is None:
            raise _irreversible(command, hint)
        return then(command)

    return made


def _back(value: str) -> Inverse:
    """Undone by the same command, with what was given as *was* for the *value*."""

    def made(command: Command) -> Command:
        if "was" not in command.values:
            raise _irreversible(
                command, f"Say what the {value} was before: {command.method}(…, was=…)."
            )
        swapped: Values = dict(command.values)
        swapped[value], swapped["was"] = swapped["was"], swapped[value]
        return Command(command.method, swapped)

    return made


def _table_back(command: Command) -> Command:
    if command.table is None:
        name = command.values["name"]
        raise _irreversible(
            command,
            f'Describe the table in a block: `async with self.drop_table("{name}") as t:`.',
        )
    return _same_to("create_table")(command)


def _null_back(command: Command) -> Command:
    values = {**command.values, "null": not command.values["null"]}
    values.pop("default", None)
    return Command("change_column_null", values)


def _other_direction(command: Command) -> Command:
    """``reversible`` and ``revert`` are asked for the other direction."""
    return Command(command.method, {**command.values, "undo": not command.values.get("undo")})


def _foreign_key_gone(command: Command) -> Command:
    values = command.values
    column = values.get("column") or foreign_key(singularize(values["to_table"]))
    kept = {"table": values["table"], "to_table": values["to_table"], "column": column}
    return Command("remove_foreign_key", kept | _conditions(command))


def _defined_gone(method: str, what: str) -> Inverse:
    """Undone by *method*, for *what* was described in a block."""

    def made(command: Command) -> Command:
        name = command.values[what].name
        return Command(method, {"table": command.values["table"], "name": name})

    return made


def _index_gone(command: Command) -> Command:
    index: IndexDefinition = command.values["index"]
    return Command("remove_index", {"table": index.table, "name": index.name})


#: The command that undoes what needs no undoing.
NOTHING = "nothing"


_KIND = (
    'Say what to bring back: remove_column("…", "…", "string", null=False), with its type and '
    "options."
)
_TABLE = 'Name the table that it points at: remove_foreign_key("…", "…").'
_CONDITION = 'Give its condition, to bring it back: remove_check_constraint("…", "…", name="…").'
_QUERY = 'Give its query, to bring it back: drop_view("…", "SELECT …").'
_COLUMNS = 'Name its columns, to bring it back: remove_index("…", ["…"]).'
_INVERSES: dict[str, Inverse] = {
    "create_table": _to("drop_table", "name"),
    "drop_table": _table_back,
    "rename_table": _renamed,
    "change_table_comment": _back("comment"),
    "add_column": _to("remove_column", "table", "name"),
    "add_defined_column": _defined_gone("remove_column", "column"),
    "remove_column": _if_given("kind", _same_to("add_column"), _KIND),
    "rename_column": _renamed,
    "change_column_null": _null_back,
    "change_column_default": _back("default"),
    "change_column_comment": _back("comment"),
    "change_enum": _back("values"),
    "add_timestamps": _same_to("remove_timestamps"),
    "remove_timestamps": _same_to("add_timestamps"),
    "add_reference": _same_to("remove_reference"),
    "remove_reference": _same_to("add_reference"),
    "add_foreign_key": _foreign_key_gone,
    "remove_foreign_key": _if_given("to_table", _same_to("add_foreign_key"), _TABLE),
    "add_check_constraint": _same_to("remove_check_constraint", "validate"),
    "add_defined_check": _defined_gone("remove_check_constraint", "check"),
    "remove_check_constraint": _if_given("condition", _same_to("add_check_constraint"), _CONDITION),
    "validate_constraint": _to(NOTHING),
    "add_index": _same_to("remove_index"),
    "add_defined_index": _index_gone,
    "remove_index": _if_given("columns", _same_to("add_index"), _COLUMNS),
    "rename_index": _renamed,
    "create_view": _to("drop_view", "name"),
    "drop_view": _if_given("query", _same_to("create_view", "conditions"), _QUERY),
    "replace_view": _back("query"),
    "reversible": _other_direction,
    "up_only": _to(NOTHING),
    "revert": _other_direction,
}
