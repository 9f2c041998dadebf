"""The schema of a PostgreSQL database, read from its catalogue.

Law: only reads, only what an unqualified name would find (the search path), and never a name inside
SQL text.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from velocious.database.postgresql.column import read_column, stripped
from velocious.database.schema import FollowingKey, ForeignKey, Index, Reactions, Table

if TYPE_CHECKING:
    from velocious.database.driver import Connection, Row

_OURS = """
    relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_table_is_visible(pg_class.oid)
    AND nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg\\_toast%'
"""
# What an extension brought along is not the application's.
_NAMES = f"""
    SELECT relname::text FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE {_OURS} AND NOT EXISTS (
        SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e'
    )
    ORDER BY relname COLLATE "C"
"""
_TABLE = f"""
    SELECT pg_class.oid::bigint FROM pg_class
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relname = $1 AND {_OURS}
"""
_COLUMNS = """
    SELECT a.attname::text, format_type(a.atttypid, a.atttypmod),
      CASE WHEN coalesce(base.typtype, t.typtype) = 'e' THEN 'enum'
        ELSE coalesce(base.typname, t.typname)::text END, a.atttypmod, a.attnotnull,
      pg_get_expr(d.adbin, d.adrelid, true), a.attidentity::text, a.attgenerated::text,
      coalesce(a.attnum = ANY(key.conkey), false)
    FROM pg_attribute a
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_type base ON base.oid = t.typbasetype
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_constraint key ON key.conrelid = a.attrelid AND key.contype = 'p'
    WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum
"""
# One row for each indexed column; an expression has no name. The key is among them.
_INDEXES = """
    SELECT c.relname::text, i.indisprimary, i.indisunique,
      pg_get_expr(i.indpred, i.indrelid, true), a.attname::text
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS part (number, place)
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = part.number
    WHERE i.indrelid = $1::oid AND i.indislive AND part.place <= i.indnkeyatts
    ORDER BY c.relname COLLATE "C", part.place
"""
_FOREIGN_KEYS = """
    SELECT k.oid::bigint, target.relname::text, own.attname::text, other.attname::text,
      k.confdeltype::text, k.confupdtype::text
    FROM pg_constraint k
    JOIN pg_class target ON target.oid = k.confrelid
    CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS part (own, other, place)
    JOIN pg_attribute own ON own.attrelid = k.conrelid AND own.attnum = part.own
    JOIN pg_attribute other ON other.attrelid = k.confrelid AND other.attnum = part.other
    WHERE k.conrelid = $1::oid AND k.contype = 'f'
    ORDER BY k.conname COLLATE "C", part.place
"""
_VIEWS = f"""
    SELECT relname::text FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('v', 'm') AND {_OURS}
"""
# Besides triggers, those with rules, and those that show the rows of others (partitions).
_TRIGGERED = f"""
    SELECT relname::text FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE {_OURS} AND relkind NOT IN ('v', 'm') AND (
      EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = pg_class.oid AND NOT tgisinternal)
      OR EXISTS (SELECT 1 FROM pg_rewrite WHERE ev_class = pg_class.oid)
      OR EXISTS (
        SELECT 1 FROM pg_inherits WHERE inhrelid = pg_class.oid OR inhparent = pg_class.oid
      )
    )
"""
_FOLLOWING = """
    SELECT own.relname::text, target.relname::text, confdeltype::text, confupdtype::text
    FROM pg_constraint
    JOIN pg_class own ON own.oid = conrelid
    JOIN pg_class target ON target.oid = confrelid
    WHERE contype = 'f'
"""
_ACTIONS = {
    "a": "NO ACTION",
    "r": "RESTRICT",
    "c": "CASCADE",
    "n": "SET NULL",
    "d": "SET DEFAULT",
}


class PostgresqlIntrospector:
    """Describes what a connection sees: tables, and views as tables without a key."""

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
        columns = await self._connection.fetch(_COLUMNS, found[0])
        entries = await self._connection.fetch(_INDEXES, found[0])
        keys = await self._connection.fetch(_FOREIGN_KEYS, found[0])
        return Table(
            name=name,
            columns=tuple(map(read_column, columns)),
            primary_key=tuple(row[4] for row in entries if row[1]),
            indexes=tuple(_indexes(entries)),
            foreign_keys=tuple(_foreign_keys(keys)),
        )

    async def reactions(self) -> Reactions:
        """What the server does on its own when rows change."""
        fetch = self._connection.fetch
        return Reactions(
            names=frozenset(await self.table_names()),
            views=frozenset(name for (name,) in await fetch(_VIEWS)),
            triggered=frozenset(name for (name,) in await fetch(_TRIGGERED)),
            keys=tuple(
                FollowingKey(table, to_table, _ACTIONS[on_delete], _ACTIONS[on_update])
                for table, to_table, on_delete, on_update in await fetch(_FOLLOWING)
            ),
        )

    async def structure(self) -> list[str]:
        """The statements that make the schema again."""
        # Imported late: only a dump needs it.
        from velocious.database.postgresql.structure import structure

        return await structure(self._connection)


def _indexes(entries: list[Row]) -> list[Index]:
    indexes: list[Index] = []
    for name, grouped in groupby(entries, key=itemgetter(0)):
        parts = list(grouped)
        _, primary, unique, where, _ = parts[0]
        if not primary:
            columns = [part[4] for part in parts]
            known = () if None in columns else tuple(columns)
            indexes.append(Index(name, known, unique, where and stripped(where)))
    return indexes


def _foreign_keys(rows: list[Row]) -> list[ForeignKey]:
    keys: list[ForeignKey] = []
    for _, grouped in groupby(rows, key=itemgetter(0)):
        parts = list(grouped)
        _, to_table, _, _, on_delete, on_update = parts[0]
        keys.append(
            ForeignKey(
                columns=tuple(part[2] for part in parts),
                to_table=to_table,
                to_columns=tuple(part[3] for part in parts),
                on_delete=_ACTIONS[on_delete],
                on_update=_ACTIONS[on_update],
            )
        )
    return keys
