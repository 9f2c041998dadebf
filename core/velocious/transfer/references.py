"""Rows that point nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import CopyError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.database.database import Database
    from velocious.database.schema import ForeignKey


async def check_references(
    database: Database, table: str, keys: Iterable[ForeignKey], place: str
) -> None:
    """Make sure that every row of *table* points at rows that exist.

    Raises:
        CopyError: with the values of a row that does not; *place* says whose table it is.
    """
    for key in keys:
        rows = await database.fetch(_orphans(database, table, key))
        if rows:
            values = ", ".join(
                f"{name} = {value!r}" for name, value in zip(key.columns, rows[0], strict=True)
            )
            raise CopyError(
                f"A row of {table} in {place} has {values}, but {key.to_table} has no such "
                f"{', '.join(key.to_columns)}. Correct or delete such rows in the source: the "
                "target's foreign key would refuse them."
            )


def _orphans(database: Database, table: str, key: ForeignKey) -> str:
    quote = database.dialect.quote
    pairs = list(zip(map(quote, key.columns), map(quote, key.to_columns), strict=True))
    given = " AND ".join(f"own.{own} IS NOT NULL" for own, _ in pairs)
    same = " AND ".join(f"other.{other} = own.{own}" for own, other in pairs)
    columns = ", ".join(f"own.{own}" for own, _ in pairs)
    return (
        f"SELECT {columns} FROM {quote(table)} AS own WHERE {given} AND NOT EXISTS "
        f"(SELECT 1 FROM {quote(key.to_table)} AS other WHERE {same}) LIMIT 1"
    )
