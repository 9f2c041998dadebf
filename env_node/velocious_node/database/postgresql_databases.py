"""Whole databases on a PostgreSQL server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg

from velocious.database.postgresql.errors import translated
from velocious.sql.definition_compiler import literal
from velocious.sql.dialects.postgresql import PostgresqlDialect
from velocious_node.database.postgresql_opening import MAINTENANCE, connect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.database.settings import DatabaseSettings
    from velocious_node.database.postgresql_raw import RawConnection

_EXISTS = "SELECT 1 FROM pg_database WHERE datname = $1"
# Which characters are letters is the server's business, where it knows Unicode.
_LETTERS = """
    SELECT CASE WHEN pg_encoding_to_char(encoding) = 'UTF8' THEN datctype ELSE 'C' END,
      current_setting('server_version_num')::int >= 150000
    FROM pg_database WHERE datname = 'template0'
"""


async def create_database(settings: DatabaseSettings) -> bool:
    """Make the database unless it exists; True if it was made.

    Text sorts by code point in it, as in SQLite: the same in every environment and on every server.
    """
    return await _change(settings, _create, wanted=False)


async def drop_database(settings: DatabaseSettings) -> bool:
    """Remove the database, whoever uses it; True if there was one."""
    return await _change(settings, _drop, wanted=True)


async def _create(raw: RawConnection, name: str) -> str:
    letters, knows_providers = (await raw.fetch(_LETTERS))[0]
    provider = " LOCALE_PROVIDER libc" if knows_providers else ""
    return (
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'{provider} "
        f"LC_COLLATE 'C' LC_CTYPE {literal(letters)}"
    )


async def _drop(raw: RawConnection, name: str) -> str:
    return f"DROP DATABASE {name} WITH (FORCE)"


_OTHERS_WERE_FASTER = (
    asyncpg.DuplicateDatabaseError,
    asyncpg.InvalidCatalogNameError,
    # At the very same moment it is the catalogue's own index that refuses the second one.
    asyncpg.UniqueViolationError,
)


async def _change(
    settings: DatabaseSettings,
    statement: Callable[[RawConnection, str], Awaitable[str]],
    *,
    wanted: bool,
) -> bool:
    name, sql = settings.path, "CREATE or DROP DATABASE"
    raw = await connect(settings, database=MAINTENANCE)
    try:
        if bool(await raw.fetchval(_EXISTS, name)) is not wanted:
            return False
        sql = await statement(raw, PostgresqlDialect().quote(name))
        await raw.execute(sql)
    except _OTHERS_WERE_FASTER:
        return False
    except asyncpg.PostgresError as error:
        raise translated(error, sql, settings) from error
    finally:
        await raw.close()
    return True
