"""Changes of single rows, each of which can be taken back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from velocious.sql import nodes as n
from velocious.sql.statements import Delete, Insert, Select, SelectCount, Update
from velocious_browser.devtools.cells import key_text, key_values, shown
from velocious_browser.devtools.named_table import NamedTable
from velocious_browser.devtools.rows import RowGoneError

if TYPE_CHECKING:
    from velocious.database.driver import Row
    from velocious.database.schema import ForeignKey, Table
    from velocious_browser.devtools.devtools import Devtools

#: What happens to rows that point at one which is deleted, where the database does not refuse it.
_FOLLOWING = {"CASCADE": "deleted", "SET NULL": "emptied", "SET DEFAULT": "emptied"}


async def update(
    devtools: Devtools, database: str, table: str, key: str, values: dict[str, Any]
) -> dict[str, Any]:
    """Set *values* (column → cell) in the row with *key*; the answer has the row as it is now.

    Raises:
        RowGoneError: it is not there any more.
        UnsupportedValueError: a column cannot hold its value.
    """
    named = await NamedTable.find(devtools, database, table)
    names = tuple(values)
    new = [named.value(name, cell) for name, cell in values.items()]
    async with named.database.transaction():
        old = await _row(named, key)
        await _set(named, key, names, new)
        changed = await _row(named, _changed_key(named, key, names, new))
    places = {column.name: place for place, column in enumerate(named.table.columns)}
    before = [old[places[name]] for name in names]
    now = named.key_of(changed) or key
    # What was stored goes back as it was stored.
    number = devtools.undoing.add(
        named.database, partial(_set, named, now, names, before, stored=True)
    )
    return {"row": _shown(named, changed), "undo": number}


async def insert(
    devtools: Devtools, database: str, table: str, values: dict[str, Any]
) -> dict[str, Any]:
    """Add a row; a column that *values* leaves out gets its default."""
    named = await NamedTable.find(devtools, database, table)
    named.key_columns()
    names = tuple(values)
    new = [named.value(name, cell) for name, cell in values.items()]
    statement = Insert(named.name, names, returning=named.table.primary_key)
    async with named.database.transaction():
        result = await _insert(named, statement, new)
        key = key_text(result)
        made = await _row(named, key)
    return {
        "row": _shown(named, made),
        "undo": devtools.undoing.add(named.database, partial(_delete, named, key)),
    }


async def delete(devtools: Devtools, database: str, table: str, keys: list[str]) -> dict[str, Any]:
    """Delete the rows with *keys*, all or none; ``undo`` is null where other rows went with them.

    Raises:
        RowGoneError: one of them is not there any more.
    """
    named = await NamedTable.find(devtools, database, table)
    async with named.database.transaction():
        following = await _following(named, keys)
        old = [await _row(named, key) for key in keys]
        for key in keys:
            await _delete(named, key)
    undo = (
        None if following else devtools.undoing.add(named.database, partial(_put_back, named, old))
    )
    return {"deleted": len(old), "undo": undo}


async def dependents(
    devtools: Devtools, database: str, table: str, keys: list[str]
) -> list[dict[str, Any]]:
    """The rows of other tables that are deleted or emptied with the rows that have *keys*."""
    named = await NamedTable.find(devtools, database, table)
    return await _following(named, keys)


async def undo(devtools: Devtools, number: int) -> dict[str, Any]:
    """Take the change *number* back. Raises CommandError where that is not possible any more."""
    await devtools.undoing.undo(int(number))
    return {"undone": number}


# Rows


async def _row(named: NamedTable, key: str) -> Row:
    where, values = named.with_key(key)
    columns = tuple(n.Column(named.name, column.name) for column in named.table.columns)
    found = await named.fetch(Select(named.name, columns, where=where), values)
    if not found:
        raise RowGoneError(named.name)
    return found[0]


async def _set(
    named: NamedTable, key: str, names: tuple[str, ...], new: list[Any], *, stored: bool = False
) -> None:
    where, values = named.with_key(key)
    parameters = tuple(n.Parameter(None) if stored else named.parameter(name) for name in names)
    statement = Update(named.name, names, where, values=parameters)
    result = await named.execute(statement, [*new, *values])
    if result.rowcount == 0:
        raise RowGoneError(named.name)


async def _insert(named: NamedTable, statement: Insert, new: list[Any]) -> Row:
    encoded = [
        None if value is None else named.parameter(name).type.encode(value)  # pyright: ignore[reportOptionalMemberAccess]
        for name, value in zip(statement.columns, new, strict=True)
    ]
    return (await named.execute(statement, encoded)).rows[0]


async def _delete(named: NamedTable, key: str) -> None:
    where, values = named.with_key(key)
    result = await named.execute(Delete(named.name, where), values)
    if result.rowcount == 0:
        raise RowGoneError(named.name)


async def _put_back(named: NamedTable, rows: list[Row]) -> None:
    kept = [(place, one) for place, one in enumerate(named.table.columns) if not one.generated]
    statement = Insert(named.name, tuple(column.name for _, column in kept))
    for row in rows:
        await named.execute(statement, [row[place] for place, _ in kept])


def _shown(named: NamedTable, row: Row) -> dict[str, Any]:
    return {"key": named.key_of(row), "cells": [shown(value) for value in row]}


# Keys


def _changed_key(named: NamedTable, key: str, names: tuple[str, ...], new: list[Any]) -> str:
    """The key after a change that may be one of the key itself."""
    values = key_values(key)
    for place, name in enumerate(named.table.primary_key):
        if name in names:
            kind = named.parameter(name).type
            value = new[names.index(name)]
            values[place] = value if kind is None or value is None else kind.encode(value)
    return key_text(values)


# Rows of other tables


async def _following(named: NamedTable, keys: list[str]) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], int] = {}
    for other, foreign in await _pointing_here(named):
        happens = _FOLLOWING.get(foreign.on_delete.upper())
        if happens is None:
            continue
        count = 0
        for key in keys:
            row = await _row(named, key)
            count += await _count_pointing(named, other, foreign, row)
        if count:
            found[other.name, happens] = found.get((other.name, happens), 0) + count
    return [
        {"table": name, "happens": happens, "rows": count}
        for (name, happens), count in found.items()
    ]


async def _pointing_here(named: NamedTable) -> list[tuple[Table, ForeignKey]]:
    tables = [await named.database.table(name) for name in await named.database.table_names()]
    return [
        (table, foreign)
        for table in tables
        for foreign in table.foreign_keys
        if foreign.to_table.lower() == named.name.lower()
    ]


async def _count_pointing(named: NamedTable, other: Table, foreign: ForeignKey, row: Row) -> int:
    names = [column.name for column in named.table.columns]
    conditions = tuple(
        n.Binary(n.Column(other.name, column), "=", n.Parameter(None)) for column in foreign.columns
    )
    values = [row[names.index(name)] for name in foreign.to_columns]
    inner = Select(
        other.name,
        tuple(n.Column(other.name, column) for column in foreign.columns),
        where=n.All(conditions),
    )
    ((count,),) = await named.fetch(SelectCount(inner), values)
    return int(count)
