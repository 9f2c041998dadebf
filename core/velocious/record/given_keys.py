"""Rows that bring the key that their database would have counted up.

Law: the next row that brings none gets a key behind all of them, on every database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.record.schema import ModelSchema


def count_on(schema: ModelSchema, written: Sequence[str]) -> str | None:
    """The statement that makes the keys of a table go on behind one that it is given; None where
    nothing needs to: rows of *written* columns bring no key, or the database looks by itself.
    """
    key = schema.attributes[schema.primary_key]
    if key.name not in written or not key.column.automatic:
        return None
    return schema.database.dialect.count_on(schema.table.name, key.name)


async def count_on_behind(
    schema: ModelSchema, written: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Make the keys go on behind those of *rows*, which have just been stored."""
    sql = count_on(schema, written)
    if sql is not None:
        place = list(written).index(schema.primary_key)
        keys = [row[place] for row in rows if row[place] is not None]
        if keys:
            await schema.database.execute(sql, (max(keys),))
