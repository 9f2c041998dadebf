"""References, foreign keys and checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from velocious.errors import MigrationError
from velocious.migration.commands.base import Commands, command
from velocious.migration.index_name import foreign_key_name
from velocious.migration.reference import foreign_key_action, reference
from velocious.migration.table import check_definition
from velocious.naming import foreign_key, singularize
from velocious.sql.definitions import ForeignKeyDefinition

if TYPE_CHECKING:
    from velocious.migration.reference import ReferenceOptions
    from velocious.sql.definitions import CheckDefinition


class ReferenceCommands(Commands):
    """The commands about what must be true between and inside of rows."""

    @command
    async def add_reference(
        self, table: str, name: str, **options: Unpack[ReferenceOptions]
    ) -> None:
        """Add a column that points at rows of another table: ``project`` adds ``project_id``."""
        described = reference(name, options)
        for column in described.columns(table):
            await self._make.add_column(table, column)
        for index in described.indexes(table):
            await self._make.add_index(index)

    @command
    async def remove_reference(
        self, table: str, name: str, **options: Unpack[ReferenceOptions]
    ) -> None:
        """Remove what :meth:`add_reference` added; with its *options*, it can be brought back."""
        for column in reference(name, options).column_names:
            await self._find.column(table, column)
            await self._make.edit(lambda editor, one=column: editor.remove_column(table, one))

    @command
    async def add_foreign_key(
        self,
        table: str,
        to_table: str,
        *,
        column: str | None = None,
        primary_key: str = "id",
        on_delete: str | None = None,
        on_update: str | None = None,
        name: str | None = None,
        validate: bool = True,
        if_not_exists: bool = False,
    ) -> None:
        """Make *column* (``project_id`` for ``projects``) point at rows of *to_table* only.

        Without *validate*, PostgreSQL does not look at the rows there are, which would lock both
        tables; :meth:`validate_constraint` does it later. Elsewhere they are looked at.
        """
        column = column or foreign_key(singularize(to_table))
        await self._find.column(table, column)
        await self._find.column(to_table, primary_key)
        if if_not_exists and await self._has_foreign_key(table, to_table, column):
            return
        key = ForeignKeyDefinition(
            name=name or foreign_key_name(table, [column]),
            columns=(column,),
            to_table=to_table,
            to_columns=(primary_key,),
            on_delete=foreign_key_action(on_delete),
            on_update=foreign_key_action(on_update),
            validate=validate,
        )
        await self._make.edit(lambda editor: editor.add_foreign_key(table, key))

    @command
    async def remove_foreign_key(
        self,
        table: str,
        to_table: str | None = None,
        *,
        column: str | None = None,
        primary_key: str = "id",
        on_delete: str | None = None,
        on_update: str | None = None,
        name: str | None = None,
        if_exists: bool = False,
    ) -> None:
        """Remove the foreign key to *to_table*, or the one of *column*.

        With *to_table* and the other options of :meth:`add_foreign_key`, it can be brought back.
        """
        if if_exists and not await self._has_foreign_key(table, to_table, column):
            return
        key = await self._find.foreign_key(table, to_table, column)
        await self._make.edit(lambda editor: editor.remove_foreign_key(table, key.columns))

    # Checks

    @command
    async def add_check_constraint(
        self,
        table: str,
        condition: str,
        *,
        name: str | None = None,
        validate: bool = True,
        if_not_exists: bool = False,
    ) -> None:
        """Demand that the SQL *condition* is true of every row; *validate* as for foreign keys."""
        await self.database.table(table)
        check = check_definition(table, condition, name, validate=validate)
        if if_not_exists and check.name in await self._make.check_names(table):
            return
        await self._make.edit(lambda editor: editor.add_check(table, check))

    @command
    async def add_defined_check(self, table: str, check: CheckDefinition) -> None:
        """Add a check that was described in a block."""
        with self.steps.step("add_check_constraint", table, name=check.name):
            await self._make.edit(lambda editor: editor.add_check(table, check))

    @command
    async def remove_check_constraint(
        self,
        table: str,
        condition: str | None = None,
        *,
        name: str | None = None,
        if_exists: bool = False,
    ) -> None:
        """Remove the check of *condition*, or the one called *name*; with both of them, it can be
        brought back.
        """
        await self.database.table(table)
        if condition is None and name is None:
            raise MigrationError(
                f"Which check of {table!r} is to be removed? Give its condition or its name: "
                f"remove_check_constraint({table!r}, name=…)."
            )
        called = name or check_definition(table, condition or "").name
        if if_exists and called not in await self._make.check_names(table):
            return
        await self._make.remove_check(table, called)

    @command
    async def validate_constraint(self, table: str, name: str) -> None:
        """Look at the rows that a foreign key or check with ``validate=False`` did not look at."""
        await self._make.edit(lambda editor: editor.validate(table, name))

    async def _has_foreign_key(self, table: str, to_table: str | None, column: str | None) -> bool:
        keys = (await self.database.table(table)).foreign_keys
        return any(
            (to_table is None or key.to_table == to_table)
            and (column is None or key.columns == (column,))
            for key in keys
        )
