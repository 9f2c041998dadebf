"""Finds out whether a tenant's tables differ from those that its models know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import DatabaseError, TenantSchemaError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.database.database import Database
    from velocious.database.schema import Table
    from velocious.errors import StatementError


async def check_schema(
    database: Database, known: Mapping[str, Table], error: StatementError
) -> None:
    """Compare the tables that the failed statement names.

    Raises:
        TenantSchemaError: from *error*, with what differs.
    """
    differences: list[str] = []
    for name, table in known.items():
        if name in error.sql:
            differences += _differences(table, await _table(database, name, error))
    if differences:
        raise TenantSchemaError(
            database.identifier, database.settings.safe_url, differences
        ) from error


async def _table(database: Database, name: str, error: StatementError) -> Table | None:
    try:
        # Not on a transaction's connection, where after an error nothing may run any more.
        return await (await database.introspect_committed()).table(name)
    except DatabaseError as failure:
        error.add_note(f"Also, the table {name!r} could not be described: {failure!r}")
        raise error from None


def _differences(known: Table, found: Table | None) -> list[str]:
    if found is None:
        return [f"it has no table {known.name!r}"]
    missing = [column.name for column in known.columns if found.column(column.name) is None]
    differences = [f"{known.name!r} has no column {name!r}" for name in missing]
    for column in found.columns:
        needed = not column.null and column.default is None and not column.automatic
        if known.column(column.name) is None and needed:
            differences.append(f"{known.name!r} has a column {column.name!r} that must be given")
    return differences
