"""Whole databases on a PostgreSQL server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg

from velocious.database.postgresql.errors import translated
from velocious.sql.dialects.postgresql import PostgresqlDialect
from velocious_node.database.postgresql_opening import MAINTENANCE, connect

if TYPE_CHECKING:
    from velocious.database.settings import DatabaseSettings

_EXISTS = "SELECT 1 FROM pg_database WHERE datname = $1"


async def create_database(settings: DatabaseSettings) -> bool:
    """Make the database unless it exists; True if it was made."""
    return await _change(settings, "CREATE DATABASE {}", wanted=False)


async def drop_database(settings: DatabaseSettings) -> bool:
    """Remove the database, whoever uses it; True if there was one."""
    return await _change(settings, "DROP DATABASE {} WITH (FORCE)", wanted=True)


async def _change(settings: DatabaseSettings, sql: str, *, wanted: bool) -> bool:
    name = settings.path
    raw = await connect(settings, database=MAINTENANCE)
    try:
        if bool(await raw.fetchval(_EXISTS, name)) is not wanted:
            return False
        await raw.execute(sql.format(PostgresqlDialect().quote(name)))
    except (asyncpg.DuplicateDatabaseError, asyncpg.InvalidCatalogNameError):
        # Another process was faster.
        return False
    except asyncpg.PostgresError as error:
        raise translated(error, sql, settings) from error
    finally:
        await raw.close()
    return True
