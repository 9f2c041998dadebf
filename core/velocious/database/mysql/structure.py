"""A schema as statements: what SHOW CREATE says, without what differs from server to server.

Law: the same schema gives the same statements, in an order that loads: tables, then the foreign
keys between them, then views (each behind those it reads), then triggers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from velocious.database.mysql.shown_text import with_standard_text
from velocious.sql.dialects.mysql import MysqlDialect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.database.driver import Connection

_NAMES = """
    SELECT TABLE_NAME FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = ?
"""
_TRIGGERS = """
    SELECT TRIGGER_NAME FROM information_schema.TRIGGERS
    WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY EVENT_OBJECT_TABLE, ACTION_ORDER, TRIGGER_NAME
"""
_FOREIGN_KEY = re.compile(r"\s*CONSTRAINT (?:`(?:[^`]|``)+`|\"(?:[^\"]|\"\")+\") FOREIGN KEY ")
_COUNTER = re.compile(r" AUTO_INCREMENT=\d+")
_DEFINER = re.compile(r"\sDEFINER\s*=\s*(?:`[^`]*`|\"[^\"]*\"|\S+?)@(?:`[^`]*`|\"[^\"]*\"|\S+)")
_ALGORITHM = re.compile(r"\sALGORITHM\s*=\s*UNDEFINED\b")
_PARTS = re.compile(r"'(?:[^']|'')*'|\"((?:[^\"]|\"\")*)\"")


async def structure(connection: Connection) -> list[str]:
    """The statements that make the schema of the connection's database again."""
    quote = MysqlDialect().quote
    tables: list[str] = []
    keys: list[str] = []
    for name in await _names(connection, "BASE TABLE"):
        ((_, text),) = await connection.fetch(f"SHOW CREATE TABLE {quote(name)}")
        table, own_keys = _without_foreign_keys(with_standard_text(text))
        tables.append(_portable(table))
        keys += [_portable(f"ALTER TABLE {quote(name)} ADD {key}") for key in own_keys]
    views: dict[str, str] = {}
    for name in await _names(connection, "VIEW"):
        row = (await connection.fetch(f"SHOW CREATE VIEW {quote(name)}"))[0]
        views[name] = _portable(_ALGORITHM.sub("", with_standard_text(row[1])))
    triggers: list[str] = []
    for (name,) in await connection.fetch(_TRIGGERS):
        row = (await connection.fetch(f"SHOW CREATE TRIGGER {quote(name)}"))[0]
        triggers.append(_portable(row[2]))
    return [*tables, *keys, *_in_order(views), *triggers]


async def _names(connection: Connection, kind: str) -> list[str]:
    return sorted(name for (name,) in await connection.fetch(_NAMES, (kind,)))


def _without_foreign_keys(sql: str) -> tuple[str, list[str]]:
    """CREATE TABLE without its foreign keys, and those: they may point at a later table."""
    lines = sql.split("\n")
    keys = [line.strip().rstrip(",") for line in lines if _FOREIGN_KEY.match(line)]
    kept = [line for line in lines if not _FOREIGN_KEY.match(line)]
    # The line before the closing parenthesis has no comma behind it.
    last = next(place for place in range(len(kept) - 1, 0, -1) if kept[place].startswith(")"))
    kept[last - 1] = kept[last - 1].rstrip(",")
    kept[last] = _COUNTER.sub("", kept[last])
    return "\n".join(kept), keys


def _portable(sql: str) -> str:
    """*sql* without its author, and with names that every sql_mode reads as names."""
    return _PARTS.sub(_backticked, _DEFINER.sub("", sql, count=1))


def _backticked(part: re.Match[str]) -> str:
    name = part.group(1)
    if name is None:
        return part.group()
    return "`" + name.replace('""', '"').replace("`", "``") + "`"


def _in_order(views: dict[str, str]) -> Iterable[str]:
    """Each view behind those that it reads."""
    done: set[str] = set()

    def visit(name: str) -> Iterable[str]:
        if name in done:
            return
        done.add(name)
        for other in views:
            if other != name and f"`{other}`" in views[name]:
                yield from visit(other)
        yield views[name]

    for name in views:
        yield from visit(name)
