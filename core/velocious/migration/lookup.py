"""Finds what a migration names, or says what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import MigrationError, suggestion
from velocious.migration.table import listed

if TYPE_CHECKING:
    from velocious.database.database import Database
    from velocious.database.schema import Column, ForeignKey, Index
    from velocious.migration.table import IndexColumns


class Lookup:
    """The columns, indexes and foreign keys of a database's tables, which must exist."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def column(self, table: str, name: str) -> Column:
        """The column. Raises MigrationError or UnknownTableError with close matches."""
        described = await self._database.table(table)
        column = described.column(name)
        if column is None:
            names = [column.name for column in described.columns]
            raise MigrationError(
                f"The table {table!r} has no column {name!r}. {suggestion(name, names)}"
            )
        return column

    async def index(self, table: str, columns: IndexColumns | None, name: str | None) -> Index:
        """The one index of *columns*, or called *name*. Raises MigrationError with all others."""
        described = await self._database.table(table)
        found = matching(described.indexes, columns, name)
        if len(found) == 1:
            return found[0]
        known = ", ".join(repr(index.name) for index in described.indexes) or "none"
        raise MigrationError(
            f"{len(found) or 'No'} indexes of {table!r} match {name or columns!r}. "
            f"Give one by its name: remove_index({table!r}, name=…). There are: {known}."
        )

    async def foreign_key(self, table: str, to_table: str | None, column: str | None) -> ForeignKey:
        """The one foreign key to *to_table*, or of *column*. Raises MigrationError likewise."""
        keys = (await self._database.table(table)).foreign_keys
        found = [
            key
            for key in keys
            if (to_table is None or key.to_table == to_table)
            and (column is None or key.columns == (column,))
        ]
        if len(found) == 1:
            return found[0]
        known = ", ".join(f"{key.columns[0]} → {key.to_table}" for key in keys) or "none"
        raise MigrationError(
            f"{len(found) or 'No'} foreign keys of {table!r} match {column or to_table!r}. "
            f'Name the column: remove_foreign_key({table!r}, column="…"). There are: {known}.'
        )


def matching(
    indexes: tuple[Index, ...], columns: IndexColumns | None, name: str | None
) -> list[Index]:
    """The indexes of exactly *columns* (None: any), called *name* (None: anything)."""
    wanted = None if columns is None else listed(columns)
    return [
        index
        for index in indexes
        if (name is None or index.name == name) and (wanted is None or index.columns == wanted)
    ]
