"""Adding, changing and removing columns of tables that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from velocious.errors import MigrationError
from velocious.migration.column_options import column_definition
from velocious.migration.commands.base import Commands, command, question
from velocious.migration.index_name import enum_name
from velocious.migration.table import enum_check, index_definition
from velocious.sql.definitions import MISSING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.migration.column_options import ColumnOptions
    from velocious.sql.definitions import ColumnDefinition

_CHANGED = {"limit", "precision", "scale", "null", "default", "array", "collation", "comment"}


class ColumnCommands(Commands):
    """The commands about columns."""

    @command
    async def add_column(
        self,
        table: str,
        name: str,
        kind: str,
        *,
        if_not_exists: bool = False,
        **options: Unpack[ColumnOptions],
    ) -> None:
        """Add a column; with ``index`` or ``unique`` also its index."""
        definition = column_definition(name, kind, options)
        if definition.primary_key:
            raise MigrationError(
                f"The table {table!r} exists, so {name!r} cannot become its primary key. "
                "Create a new table with the key and copy the rows."
            )
        if if_not_exists and (await self.database.table(table)).column(name):
            return
        await self._make.add_column(table, definition)
        if options.get("unique") or options.get("index"):
            unique = options.get("unique", False)
            await self._make.add_index(index_definition(table, name, unique=unique))

    @command
    async def add_defined_column(self, table: str, column: ColumnDefinition) -> None:
        """Add a column that was described in a block."""
        with self.steps.step("add_column", table, column.name, column.kind):
            await self._make.add_column(table, column)

    @command
    async def remove_column(
        self,
        table: str,
        name: str,
        kind: str | None = None,
        *,
        if_exists: bool = False,
        **options: Unpack[ColumnOptions],
    ) -> None:
        """Remove a column with its values, and the indexes and foreign keys that use it.

        With its *kind* and *options* it can be brought back (without its values).
        """
        if kind is not None:
            column_definition(name, kind, options)
        if if_exists and (await self.database.table(table)).column(name) is None:
            return
        await self._find.column(table, name)
        values = enum_name(table, name)
        if values in await self._make.check_names(table):
            await self._make.remove_check(table, values)
        await self._make.edit(lambda editor: editor.remove_column(table, name))

    @question
    async def remove_columns(
        self,
        table: str,
        *names: str,
        kind: str | None = None,
        **options: Unpack[ColumnOptions],
    ) -> None:
        """Remove several columns; with a *kind*, they can be brought back."""
        for name in names:
            await self.remove_column(table, name, kind, **options)

    @command
    async def rename_column(self, table: str, name: str, new_name: str) -> None:
        """Give a column another name; indexes, checks, views and foreign keys follow."""
        await self._find.column(table, name)
        await self._make.run(self._compiler.rename_column(table, name, new_name))

    # Changing

    @command
    async def change_column(
        self, table: str, name: str, kind: str, **options: Unpack[ColumnOptions]
    ) -> None:
        """Give a column another type; default and null stay unless they are among *options*."""
        definition = column_definition(name, kind, options)
        _only(options, _CHANGED, "change_column")
        await self._find.column(table, name)
        self._make.check_column(definition)
        await self._make.edit(lambda editor: editor.change_type(table, definition))
        if "default" in options:
            await self.change_column_default(table, name, options["default"])
        if "null" in options:
            await self.change_column_null(table, name, options["null"])
        if "comment" in options:
            await self.change_column_comment(table, name, options["comment"])

    @command
    async def change_column_null(
        self, table: str, name: str, null: bool, default: object = None
    ) -> None:
        """Allow or forbid NULL; where it gets forbidden, *default* first replaces the NULLs."""
        column = await self._find.column(table, name)
        if not null:
            await self._make.replace_nulls(table, column, default)
        await self._make.edit(lambda editor: editor.change_null(table, name, null))

    @command
    async def change_column_default(
        self, table: str, name: str, default: object, *, was: object = MISSING
    ) -> None:
        """Give a column another default, or none (None). Rows keep their values.

        *was* is the default that it has now, so that the change can be undone.
        """
        kind = (await self._find.column(table, name)).kind
        text = None if default is None else self._compiler.default(kind, default)
        await self._make.edit(lambda editor: editor.change_default(table, name, text))

    @command
    async def change_column_comment(
        self, table: str, name: str, comment: str | None, *, was: object = MISSING
    ) -> None:
        """Give a column another comment, or none (None); *was* is the one it has now."""
        await self._find.column(table, name)
        await self._make.edit(lambda editor: editor.change_comment(table, name, comment))

    @command
    async def change_enum(
        self, table: str, name: str, values: Sequence[str], *, was: Sequence[str] | None = None
    ) -> None:
        """Give a column of ``t.enum`` other *values*; *was* are those it has now."""
        await self._find.column(table, name)
        check = enum_check(table, name, values)
        await self._make.remove_check(table, check.name)
        await self._make.edit(lambda editor: editor.add_check(table, check))

    # Times

    @command
    async def add_timestamps(self, table: str, *, default: object = None) -> None:
        """Add ``created_at`` and ``updated_at``; *default* is for the rows there are."""
        options: ColumnOptions = {"null": False}
        if default is not None:
            options["default"] = default
        for name in ("created_at", "updated_at"):
            await self.add_column(table, name, "datetime", **options)

    @command
    async def remove_timestamps(self, table: str, *, default: object = None) -> None:
        """Remove what :meth:`add_timestamps` added; *default* is for bringing it back."""
        for name in ("created_at", "updated_at"):
            await self.remove_column(table, name)


def _only(options: ColumnOptions, known: set[str], method: str) -> None:
    for option in options:
        if option not in known:
            raise MigrationError(
                f"{method} does not take {option!r}. It takes {', '.join(sorted(known))}; "
                "indexes and keys have methods of their own."
            )
