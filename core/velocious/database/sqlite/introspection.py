"""The schema of a SQLite database, read through its pragmas.

Law: only reads, only of the main database, and never a name inside SQL text.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from velocious.database.schema import (
    Column,
    FollowingKey,
    ForeignKey,
    Index,
    Reactions,
    Table,
)
from velocious.database.sqlite.declared_type import read_type
from velocious.database.sqlite.tokens import where_of

if TYPE_CHECKING:
    from velocious.database.driver import Connection, Row

_NAMES = """
    SELECT name FROM pragma_table_list
    WHERE schema = 'main' AND type <> 'shadow' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY name
"""
_TABLE = (
    "SELECT type, wr FROM pragma_table_list WHERE schema = 'main' AND name = ? AND type <> 'shadow'"
)
_COLUMNS = """
    SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?, 'main')
    WHERE hidden <> 1 ORDER BY cid
"""
_INDEXES = """
    SELECT list.name, list."unique", list.origin, list.partial, entry.name, schema.sql
    FROM pragma_index_list(?, 'main') AS list
    JOIN pragma_index_info(list.name, 'main') AS entry
    LEFT JOIN sqlite_schema AS schema ON schema.type = 'index' AND schema.name = list.name
    ORDER BY list.name, entry.seqno
"""
_FOREIGN_KEYS = """
    SELECT id, "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list(?, 'main')
    ORDER BY id DESC, seq
"""
_PRIMARY_KEY = "SELECT name FROM pragma_table_info(?, 'main') WHERE pk > 0 ORDER BY pk"
_VIEWS = "SELECT name FROM sqlite_schema WHERE type = 'view'"
_TRIGGERED = """
    SELECT tbl_name FROM sqlite_schema WHERE type = 'trigger'
    UNION SELECT tbl_name FROM sqlite_temp_schema WHERE type = 'trigger'
"""
_FOLLOWING = """
    SELECT list.name, key."table", key.on_delete, key.on_update
    FROM pragma_table_list AS list JOIN pragma_foreign_key_list(list.name, 'main') AS key
    WHERE list.schema = 'main' AND list.type <> 'shadow'
"""
# Shadow tables are made again by the CREATE VIRTUAL TABLE they belong to, sqlite_… by SQLite.
_STRUCTURE = """
    SELECT sql FROM sqlite_schema
    WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      AND name NOT IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow')
    ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 WHEN 'view' THEN 3 ELSE 4 END, name
"""


class SqliteIntrospector:
    """Describes what a connection sees: tables, and views as tables that cannot be written to."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def table_names(self) -> list[str]:
        """The names of tables and views, sorted."""
        return [name for (name,) in await self._connection.fetch(_NAMES)]

    async def table(self, name: str) -> Table | None:
        """The table or view called *name*, or None."""
        found = await self._connection.fetch(_TABLE, (name,))
        if not found:
            return None
        without_rowid = bool(found[0][1])
        columns = await self._connection.fetch(_COLUMNS, (name,))
        entries = await self._connection.fetch(_INDEXES, (name,))
        key = tuple(row[0] for row in sorted(columns, key=_key_position) if row[4])
        automatic = len(key) == 1 and not without_rowid and not _has_key_index(entries)
        return Table(
            name=name,
            columns=tuple(_column(row, automatic, without_rowid) for row in columns),
            primary_key=key,
            indexes=tuple(_indexes(entries)),
            foreign_keys=tuple(await self._foreign_keys(name)),
        )

    async def reactions(self) -> Reactions:
        """What SQLite does on its own when rows change."""
        fetch = self._connection.fetch
        tables = await self.table_names()
        # A key may spell the table that it refers to in other letters.
        spelled = {name.lower(): name for name in tables}
        return Reactions(
            names=frozenset(tables),
            views=frozenset(row[0] for row in await fetch(_VIEWS)),
            triggered=frozenset(_spelled(spelled, row[0]) for row in await fetch(_TRIGGERED)),
            keys=tuple(
                FollowingKey(row[0], _spelled(spelled, row[1]), row[2], row[3])
                for row in await fetch(_FOLLOWING)
            ),
        )

    async def structure(self) -> list[str]:
        """The statements that make the schema again: tables, indexes, views, triggers."""
        return [sql for (sql,) in await self._connection.fetch(_STRUCTURE)]

    async def _foreign_keys(self, table: str) -> list[ForeignKey]:
        rows = await self._connection.fetch(_FOREIGN_KEYS, (table,))
        return [await self._foreign_key(list(parts)) for _, parts in groupby(rows, key=_first)]

    async def _foreign_key(self, parts: list[Row]) -> ForeignKey:
        _, to_table, _, to_column, on_update, on_delete = parts[0]
        to_columns = tuple(part[3] for part in parts)
        if to_column is None:
            # REFERENCES without columns means the other table's primary key.
            keys = await self._connection.fetch(_PRIMARY_KEY, (to_table,))
            to_columns = tuple(name for (name,) in keys)
        return ForeignKey(
            columns=tuple(part[2] for part in parts),
            to_table=to_table,
            to_columns=to_columns,
            on_delete=on_delete,
            on_update=on_update,
        )


def _spelled(known: dict[str, str], name: str) -> str:
    return known.get(name.lower(), name)


def _first(row: Row) -> Any:
    return row[0]


def _key_position(row: Row) -> int:
    return row[4]


def _has_key_index(entries: list[Row]) -> bool:
    # Only INTEGER PRIMARY KEY, the row's own number, needs no index; "INT" or "INTEGER … DESC" do.
    return any(origin == "pk" for _, _, origin, _, _, _ in entries)


def _column(row: Row, automatic: bool, without_rowid: bool) -> Column:
    name, declared, not_null, default, key, hidden = row
    kind, limit, precision, scale = read_type(declared)
    in_key = bool(key)
    return Column(
        name=name,
        kind=kind,
        declared=declared,
        null=not not_null and not (in_key and (automatic or without_rowid)),
        default=default,
        primary_key=in_key,
        automatic=in_key and automatic,
        generated=hidden in (2, 3),
        limit=limit,
        precision=precision,
        scale=scale,
    )


def _indexes(entries: list[Row]) -> list[Index]:
    indexes: list[Index] = []
    for name, grouped in groupby(entries, key=_first):
        parts = list(grouped)
        _, unique, origin, partial, _, sql = parts[0]
        if origin != "pk":
            where = where_of(sql) if partial and sql else None
            indexes.append(Index(name, _index_columns(parts), bool(unique), where))
    return indexes


def _index_columns(parts: list[Row]) -> tuple[str, ...]:
    columns = [part[4] for part in parts]
    return () if None in columns else tuple(columns)
