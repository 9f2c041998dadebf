"""What the rows of a table are read by, a chunk at a time.

Law: every row is read once, also by a program that goes on after another one was killed; what is in
memory is bounded, however large the table or its rows are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from velocious.database.database import Database
    from velocious.database.driver import Row
    from velocious.database.schema import Column, Table

#: How many rows, and about how many bytes, are in memory at a time.
CHUNK_ROWS = 5_000
CHUNK_BYTES = 16_000_000

#: Kinds whose values may be of any size.
_LARGE = frozenset({"text", "json", "binary"})
#: SQLite's names of a row's own number; a column may have taken one.
_ROW_NUMBERS = ("rowid", "_rowid_", "oid")
_WITHOUT_ROWID = "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?"


@dataclass(frozen=True, slots=True)
class Key:
    """What tells the rows of a table apart and puts them in order.

    Attributes:
        names: columns that are unique together and never NULL. Without any, rows are counted.
        kinds: of these columns.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]

    def text(self, values: Sequence[Any]) -> str:
        """The key *values* (as the source stores them), to be kept."""
        return json.dumps([_plain(value) for value in values])

    def values(self, text: str, database: Database) -> tuple[Any, ...]:
        """What :meth:`text` was made of."""
        return tuple(
            _stored(value, kind, database)
            for value, kind in zip(json.loads(text), self.kinds, strict=True)
        )


async def key_of(database: Database, table: Table) -> Key:
    """The best key of *table*."""
    own_number = await _row_number(database, table)
    if own_number is not None:
        return Key((own_number,), ("bigint",))
    unique = [index.columns for index in table.indexes if index.unique and index.where is None]
    for names in (table.primary_key, *unique):
        columns = [table.column(name) for name in names]
        if names and all(column is not None and not column.null for column in columns):
            return Key(tuple(names), tuple(column.kind for column in columns if column))
    return Key((), ("bigint",))


async def _row_number(database: Database, table: Table) -> str | None:
    if database.dialect.name != "sqlite":
        return None
    if (await database.fetch(_WITHOUT_ROWID, (table.name,)))[0][0]:
        return None
    taken = {column.name.lower() for column in table.columns}
    return next((name for name in _ROW_NUMBERS if name not in taken), None)


class ChunkReader:
    """Reads the columns of a table in the order of its key.

    Arguments:
        order: the names of all its columns, for a table without a key: rows that are equal in all
            of them may take each other's place.
    """

    def __init__(self, database: Database, table: str, key: Key, columns: Sequence[Column]) -> None:
        self._database = database
        self._dialect = database.dialect
        self._table = database.dialect.quote(table)
        self._key = key
        self._columns = columns

    async def chunks(self, after: str | None) -> AsyncGenerator[tuple[str, list[Row]]]:
        """Chunks of rows behind the key *after*, each with the key of its last row."""
        limit = CHUNK_ROWS
        large = [column for column in self._columns if column.kind in _LARGE]
        while True:
            limit = min(CHUNK_ROWS, limit * 2)
            if large:
                limit = await self._affordable(large, after, limit)
            sql, params = self._select(self._names(), after, limit)
            rows = await self._database.fetch(sql, params)
            if not rows:
                return
            after = self._last(rows, after)
            width = len(self._columns)
            yield after, rows if len(rows[0]) == width else [row[:width] for row in rows]
            if len(rows) < limit:
                return

    def _names(self) -> str:
        # The key comes behind the columns: SQLite's row number is none of them.
        quoted = [self._dialect.quote(column.name) for column in self._columns]
        return ", ".join([*quoted, *map(self._quote_key, self._key.names)])

    async def _affordable(self, large: Sequence[Column], after: str | None, limit: int) -> int:
        """At most *limit* rows that are not too large together."""
        sizes = " + ".join(f"coalesce(length({self._as_text(column)}), 0)" for column in large)
        while True:
            inner, params = self._select(f"{sizes} AS size", after, limit)
            sql = f"SELECT coalesce(sum(size), 0) FROM ({inner}) AS chunk"
            size = (await self._database.fetch(sql, params))[0][0]
            if limit == 1 or size <= CHUNK_BYTES:
                return limit
            limit = max(1, min(limit // 2, int(limit * CHUNK_BYTES / int(size))))

    def _as_text(self, column: Column) -> str:
        name = self._dialect.quote(column.name)
        is_json = column.kind == "json" and self._dialect.name == "postgresql"
        return f"CAST({name} AS TEXT)" if is_json else name

    def _select(self, what: str, after: str | None, limit: int) -> tuple[str, tuple[Any, ...]]:
        names = [self._quote_key(name) for name in self._key.names]
        if not names:
            order = ", ".join(self._dialect.quote(column.name) for column in self._columns)
            skipped = 0 if after is None else json.loads(after)[0]
            return (
                f"SELECT {what} FROM {self._table} ORDER BY {order} LIMIT {limit} OFFSET {skipped}",
                (),
            )
        where, params = "", ()
        if after is not None:
            condition, params = self._behind(names, self._key.values(after, self._database))
            where = f" WHERE {condition}"
        order = ", ".join(names)
        return f"SELECT {what} FROM {self._table}{where} ORDER BY {order} LIMIT {limit}", params

    def _behind(self, names: list[str], values: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
        """The condition for rows behind *values*. Written out, because not every server uses an
        index for a comparison of whole rows.
        """
        parts: list[str] = []
        params: list[Any] = []

        def mark(value: Any) -> str:
            params.append(value)
            return self._dialect.placeholder(len(params))

        for place in range(len(names)):
            same = [f"{names[one]} = {mark(values[one])}" for one in range(place)]
            parts.append(" AND ".join([*same, f"{names[place]} > {mark(values[place])}"]))
        condition = " OR ".join(f"({part})" for part in parts)
        if len(names) > 1:
            condition = f"{names[0]} >= {mark(values[0])} AND ({condition})"
        return condition, tuple(params)

    def _last(self, rows: list[Row], after: str | None) -> str:
        if self._key.names:
            return self._key.text(rows[-1][len(self._columns) :])
        return json.dumps([len(rows) + (0 if after is None else json.loads(after)[0])])

    def _quote_key(self, name: str) -> str:
        # Quoted, a name that is no column would be taken for text by SQLite.
        return name if name in _ROW_NUMBERS else self._dialect.quote(name)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return value if isinstance(value, int | float | str) else str(value)


def _stored(value: Any, kind: str, database: Database) -> Any:
    if kind == "binary":
        return bytes.fromhex(value)
    if database.dialect.name == "sqlite":
        # Its driver gives and takes numbers and text alone.
        return value
    return database.dialect.column_type(kind).encode(value)
