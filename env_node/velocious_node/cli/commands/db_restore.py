"""``db:restore``."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from velocious.cli.command import Needs, command
from velocious.database.database import Database
from velocious.database.settings import parse_settings
from velocious.errors import BackupError, VelociousError
from velocious.migration.incoming import check_known, check_sound
from velocious_node.database.sqlite_places import sqlite_path
from velocious_node.database.sqlite_restore import (
    bring_beside,
    put_back,
    put_in_place,
    remove_quietly,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.cli.command import Invocation
    from velocious.configuration import Configuration


@command("db:restore", needs=Needs.DATABASES)
@click.argument("path")
@click.option("--database", default="default", help="Which database, by its identifier.")
@click.option("--force", is_flag=True, help="Replace tables; take migrations that are not known.")
async def db_restore(invocation: Invocation, path: str, database: str, force: bool) -> None:
    """Replace an SQLite database by the backup PATH, also a compressed one.

    The file is checked first, and the old database is there until the new one has been opened.
    """
    configuration = invocation.configuration
    chosen = configuration.database(database)
    target = sqlite_path(chosen, configuration.files, "db:restore")
    if not os.path.isfile(path):
        raise BackupError(f"There is no file {path!r}. Name one that db:backup has written.")
    if not force:
        await _refuse_tables(chosen, target)
    await chosen.close()
    chosen.forget_schema()
    incoming = bring_beside(os.path.abspath(path), target)
    try:
        async with _opened(configuration, incoming) as file:
            await check_sound(file, f"The file {path}")
            if not force:
                await check_known(file, configuration.migration_provider(), f"The file {path}")
        names = await _replace(chosen, incoming, target)
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            remove_quietly(incoming + suffix)
    invocation.output.write(f"Restored {path} to {database}: {len(names)} tables.")


async def _refuse_tables(chosen: Database, target: str) -> None:
    if os.path.exists(target) and await chosen.table_names():
        raise BackupError(
            f"The database {chosen.identifier!r} has tables, which would be replaced. Keep a copy "
            "with `velocious db:backup`, then restore with --force."
        )


@asynccontextmanager
async def _opened(configuration: Configuration, path: str) -> AsyncGenerator[Database]:
    # The journal stays as it is in the file, so that nothing is left beside it.
    settings = parse_settings(
        "restored", {"url": f"sqlite:///{quote(path)}", "pragmas": {"journal_mode": "delete"}}
    )
    factory = configuration.environment_handler.drivers()["sqlite"]
    file = Database(settings, factory, configuration.files)
    try:
        yield file
    finally:
        await file.close()


async def _replace(chosen: Database, incoming: str, target: str) -> list[str]:
    previous = put_in_place(incoming, target)
    try:
        names = await chosen.table_names()
    except VelociousError:
        await chosen.close()
        put_back(previous, target)
        raise
    if previous is not None:
        remove_quietly(previous)
    return names
