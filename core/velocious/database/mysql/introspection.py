"""The schema of a MySQL or MariaDB database, read from ``information_schema``.

Law: only reads, only the database of the connection, and never a name inside SQL text.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from velocious.database.mysql.column import json_columns, read_column
from velocious.database.schema import FollowingKey, ForeignKey, Index, Reactions, Table

if TYPE_CHECKING:
    from velocious.database.driver import Connection, Row
    from velocious.database.mysql.server import Server

_NAMES = """
    SELECT TABLE_NAME FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')
"""
_COLUMNS = """
    SELECT COLUMN_NAME, COLUMN_TYPE, DATA_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA,
      CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, COLLATION_NAME, COLUMN_COMMENT
    FROM information_schema.COLUMNS
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?
    ORDER BY ORDINAL_POSITION
"""
# One row for each indexed column; an expression has no name. The key is among them.
_INDEXES = """
    SELECT INDEX_NAME, NON_UNIQUE, COLUMN_NAME FROM information_schema.STATISTICS
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?
    ORDER BY INDEX_NAME, SEQ_IN_INDEX
"""
_FOREIGN_KEYS = """
    SELECT CONSTRAINT_NAME, REFERENCED_TABLE_NAME, COLUMN_NAME, REFERENCED_COLUMN_NAME
    FROM information_schema.KEY_COLUMN_USAGE
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND REFERENCED_TABLE_NAME IS NOT NULL
    ORDER BY CONSTRAINT_NAME, ORDINAL_POSITION
"""
# Asked for on its own: joined with the keys it takes MariaDB twenty times as long.
_RULES = """
    SELECT CONSTRAINT_NAME, DELETE_RULE, UPDATE_RULE
    FROM information_schema.REFERENTIAL_CONSTRAINTS
    WHERE CONSTRAINT_SCHEMA = DATABASE() AND TABLE_NAME = ?
"""
# MySQL has a type of its own for JSON, and does not say here which table a check belongs to.
_CHECKS = """
    SELECT CONSTRAINT_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS
    WHERE CONSTRAINT_SCHEMA = DATABASE() AND TABLE_NAME = ?
"""
_VIEW = "SELECT 1 FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?"
_VIEWS = "SELECT TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()"
_TRIGGERED = """
    SELECT DISTINCT EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS
    WHERE EVENT_OBJECT_SCHEMA = DATABASE()
"""
_FOLLOWING = """
    SELECT TABLE_NAME, REFERENCED_TABLE_NAME, DELETE_RULE, UPDATE_RULE
    FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()
"""
_PRIMARY = "PRIMARY"


class MysqlIntrospector:
    """Describes what a connection sees: tables, and views as tables without a key."""

    def __init__(self, connection: Connection, server: Server) -> None:
        self._connection = connection
        self._server = server

    async def table_names(self) -> list[str]:
        """The names of tables and views, sorted."""
        return sorted(name for (name,) in await self._connection.fetch(_NAMES))

    async def table(self, name: str) -> Table | None:
        """The table or view called *name*, or None."""
        rows = await self._connection.fetch(_COLUMNS, (name,))
        if not rows:
            return None
        entries = await self._connection.fetch(_INDEXES, (name,))
        keys = await self._connection.fetch(_FOREIGN_KEYS, (name,))
        rules = await self._connection.fetch(_RULES, (name,)) if keys else []
        checks = await self._connection.fetch(_CHECKS, (name,)) if self._server.mariadb else []
        json = json_columns(checks)
        key = tuple(column for index, _, column in entries if index == _PRIMARY)
        columns = [read_column(row, row[0] in key, json, self._server) for row in rows]
        if not entries and await self._connection.fetch(_VIEW, (name,)):
            # Its columns show what their table says, which only the table can keep.
            columns = [replace(column, null=True, default=None) for column in columns]
        return Table(
            name=name,
            columns=tuple(columns),
            primary_key=key,
            indexes=tuple(sorted(_indexes(entries), key=lambda index: index.name)),
            foreign_keys=tuple(_foreign_keys(keys, rules)),
        )

    async def reactions(self) -> Reactions:
        """What the server does on its own when rows change."""
        fetch = self._connection.fetch
        return Reactions(
            names=frozenset(await self.table_names()),
            views=frozenset(name for (name,) in await fetch(_VIEWS)),
            triggered=frozenset(name for (name,) in await fetch(_TRIGGERED)),
            keys=tuple(FollowingKey(*row) for row in await fetch(_FOLLOWING)),
        )

    async def structure(self) -> list[str]:
        """The statements that make the schema again: tables, foreign keys, views, triggers."""
        # Imported late: only a dump needs it.
        from velocious.database.mysql.structure import structure

        return await structure(self._connection)


def _indexes(entries: list[Row]) -> list[Index]:
    indexes: list[Index] = []
    for name, grouped in groupby(entries, key=itemgetter(0)):
        parts = list(grouped)
        columns = [column for _, _, column in parts]
        if name != _PRIMARY:
            known = () if None in columns else tuple(columns)
            indexes.append(Index(name, known, unique=not parts[0][1]))
    return indexes


def _foreign_keys(rows: list[Row], rules: list[Row]) -> list[ForeignKey]:
    actions = {name: (on_delete, on_update) for name, on_delete, on_update in rules}
    keys: list[ForeignKey] = []
    for name, grouped in groupby(rows, key=itemgetter(0)):
        parts = list(grouped)
        to_table = parts[0][1]
        on_delete, on_update = actions[name]
        keys.append(
            ForeignKey(
                columns=tuple(part[2] for part in parts),
                to_table=to_table,
                to_columns=tuple(part[3] for part in parts),
                on_delete=_action(on_delete),
                on_update=_action(on_update),
            )
        )
    return keys


def _action(rule: str) -> str:
    # The same thing to these servers, which have no constraints that are checked later; MariaDB
    # says RESTRICT for a key that says nothing.
    return "NO ACTION" if rule == "RESTRICT" else rule
