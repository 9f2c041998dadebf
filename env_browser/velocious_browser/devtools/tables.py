"""Which tables there are, and what they are made of."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from velocious.errors import StatementError
from velocious.sql.compiler import compile_statement
from velocious.sql.nodes import Call, Cast
from velocious.sql.statements import Select
from velocious_browser.devtools.named_table import NamedTable

if TYPE_CHECKING:
    from velocious.database.database import Database
    from velocious_browser.devtools.devtools import Devtools

_KINDS = "SELECT name, type FROM pragma_table_list WHERE schema = 'main'"
_SIZES = """
    SELECT schema.tbl_name, sum(pages.pgsize) FROM dbstat AS pages
    JOIN sqlite_schema AS schema ON schema.name = pages.name GROUP BY schema.tbl_name
"""
_SOURCES = "SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY rootpage"
#: Sizes are summed page by page; of a larger database nobody wants to wait for them.
_LARGEST_SUMMED = 64 * 1024 * 1024


async def databases(devtools: Devtools) -> list[dict[str, Any]]:
    """Every database of the application, with its tables."""
    return [
        {
            "name": database.identifier,
            "address": database.settings.safe_url,
            "read_only": database.settings.read_only,
            "bytes": await _size(database),
            "tables": await _tables(database),
        }
        for database in devtools.configuration.databases.values()
        if database.is_here()
    ]


async def table(devtools: Devtools, database: str, table: str) -> dict[str, Any]:
    """What a table is made of: columns, primary key, indexes, foreign keys, its SQL."""
    named = await NamedTable.find(devtools, database, table)
    described = asdict(named.table)
    sources = await named.database.fetch(_SOURCES, (table,))
    return {
        "name": table,
        "editable": named.is_editable,
        "columns": described["columns"],
        "primary_key": described["primary_key"],
        "indexes": described["indexes"],
        "foreign_keys": described["foreign_keys"],
        "sql": [sql for (sql,) in sources],
    }


async def size(devtools: Devtools, database: str, table: str) -> int:
    """The bytes that the values of a table have; every row of it is read."""
    named = await NamedTable.find(devtools, database, table)
    # The length of a value as bytes, whatever its type.
    lengths = tuple(
        Call("SUM", (Call("LENGTH", (Cast(named.operand(column.name), "binary"),)),))
        for column in named.table.columns
    )
    ((*sums,),) = await named.fetch(Select(table, lengths))
    return sum(one or 0 for one in sums)


async def _tables(database: Database) -> list[dict[str, Any]]:
    kinds: dict[str, str] = dict(await database.fetch(_KINDS))
    sizes = await _sizes(database)
    return [
        {
            "name": name,
            "kind": kinds.get(name, "table"),
            "rows": await _count(database, name),
            "bytes": sizes.get(name),
        }
        for name in await database.table_names()
    ]


async def _count(database: Database, name: str) -> int:
    statement = compile_statement(Select(name, (Call("COUNT"),)), database.dialect)
    return int((await database.fetch(statement.sql))[0][0])


async def _sizes(database: Database) -> dict[str, int]:
    """The bytes of each table with its indexes; nothing where SQLite was built without dbstat."""
    if await _size(database) > _LARGEST_SUMMED:
        return {}
    try:
        return {name: int(size) for name, size in await database.fetch(_SIZES)}
    except StatementError:
        return {}


async def _size(database: Database) -> int:
    ((pages,),) = await database.fetch("SELECT page_count FROM pragma_page_count")
    ((size,),) = await database.fetch("SELECT page_size FROM pragma_page_size")
    return pages * size
