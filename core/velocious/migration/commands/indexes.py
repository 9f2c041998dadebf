"""Adding, renaming and removing indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import MigrationError
from velocious.migration.commands.base import Commands, command
from velocious.migration.lookup import matching
from velocious.migration.table import index_definition

if TYPE_CHECKING:
    from velocious.migration.table import IndexColumns, IndexOrder
    from velocious.sql.definitions import IndexDefinition


class IndexCommands(Commands):
    """The commands about indexes."""

    @command
    async def add_index(
        self,
        table: str,
        columns: IndexColumns,
        *,
        name: str | None = None,
        unique: bool = False,
        where: str | None = None,
        using: str | None = None,
        order: IndexOrder | None = None,
        concurrently: bool = False,
        if_not_exists: bool = False,
    ) -> None:
        """Add an index; *where* is the SQL condition of a partial one, *using* its method.

        Built *concurrently*, PostgreSQL keeps others writing meanwhile; that needs a migration with
        ``disable_transaction = True``. Other databases build it as always.
        """
        index = index_definition(
            table,
            columns,
            name,
            unique,
            where,
            using=using,
            order=order,
            concurrently=self._concurrently("add_index", concurrently),
        )
        there = matching((await self.database.table(table)).indexes, None, index.name)
        if not (if_not_exists and there):
            await self._make.add_index(index)

    @command
    async def add_defined_index(self, index: IndexDefinition) -> None:
        """Add an index that was described in a block."""
        with self.steps.step("add_index", index.table, index.columns):
            await self._make.add_index(index)

    @command
    async def remove_index(
        self,
        table: str,
        columns: IndexColumns | None = None,
        *,
        name: str | None = None,
        unique: bool = False,
        where: str | None = None,
        using: str | None = None,
        order: IndexOrder | None = None,
        concurrently: bool = False,
        if_exists: bool = False,
    ) -> None:
        """Remove the index of *columns*, or the one called *name*.

        With *columns* and the other options of :meth:`add_index`, it can be brought back.
        """
        concurrently = self._concurrently("remove_index", concurrently)
        if if_exists:
            described = await self.database.table(table)
            if not matching(described.indexes, None if name else columns, name):
                return
        # The columns of an expression cannot be compared; a name is enough.
        index = await self._find.index(table, None if name else columns, name)
        await self._make.run(
            self._compiler.drop_index(index.name, table, concurrently=concurrently)
        )

    @command
    async def rename_index(self, table: str, name: str, new_name: str) -> None:
        """Give an index another name."""
        await self._find.index(table, None, name)
        await self._make.rename_index(table, name, new_name)

    def _concurrently(self, method: str, concurrently: bool) -> bool:
        # Refused everywhere, so that what was tried on one database also runs on another.
        if concurrently and not self.disable_transaction:
            raise MigrationError(
                f"{method}(…, concurrently=True) runs only outside of a transaction. Give the "
                "migration `disable_transaction = True`, and nothing else to do than this index."
            )
        return concurrently
