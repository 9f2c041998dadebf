"""``db:import``."""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from velocious.cli.command import Needs, command
from velocious.database.database import Database
from velocious.database.settings import parse_settings
from velocious.errors import CommandError, StorageFullError
from velocious.migration.incoming import check_known, check_sound
from velocious_browser.cli.archive import database_of, is_archive, unpack_files
from velocious_browser.cli.commands.db_export import byte_files
from velocious_browser.database.replacing import arriving, put_back, replace

if TYPE_CHECKING:
    from velocious.cli.command import Invocation
    from velocious.configuration import Configuration


@command("db:import", needs=Needs.DATABASES)
@click.argument("path")
@click.option("--database", default="default", help="Which database, by its identifier.")
@click.option("--force", is_flag=True, help="Replace a database that has tables.")
async def db_import(invocation: Invocation, path: str, database: str, force: bool) -> None:
    """Replace the database by an SQLite file, or an archive of db:export --files, that the page has
    handed over.

    In the page: `await app.writeFile("/tmp/mine.sqlite3", file)`, then
    `velociousCLI.run("db:import /tmp/mine.sqlite3")`. The file is checked before anything changes.
    """
    chosen = invocation.configuration.database(database)
    if not force and await chosen.table_names():
        raise CommandError(
            f"The database {database!r} has tables, which the import would replace. Keep a copy "
            "with `db:export`, then import with --force."
        )
    if not os.path.isfile(path):
        raise CommandError(
            f"There is no file {path!r}. Hand it over in the page first: "
            f"`await app.writeFile({path!r}, file)`."
        )
    with tempfile.TemporaryDirectory(prefix="velocious-import-") as directory:
        archived = is_archive(path)
        file = database_of(path, directory) if archived else path
        target = invocation.configuration.files.absolute(chosen.settings.path)
        with arriving(target) as incoming:
            _copy_durably(file, incoming)
            await _check(invocation.configuration, incoming, force=force)
            # Before the rows that name them; a sweep removes them if nothing comes of it.
            count = await unpack_files(path, byte_files(invocation)) if archived else 0
            await _replace(chosen, incoming, target)
    names = await chosen.table_names()
    files = f", {count:,} files" if archived else ""
    invocation.output.write(
        f"Imported {path}: {len(names)} tables{files}. db:migrate brings it up to date."
    )


def _copy_durably(source: str, target: str) -> None:
    os.makedirs(os.path.dirname(target), exist_ok=True)
    try:
        with open(source, "rb") as given, open(target, "wb") as copy:
            shutil.copyfileobj(given, copy)
            copy.flush()
            os.fsync(copy.fileno())
    except OSError as error:
        raise StorageFullError(
            f"The file {source!r} could not be copied to this site's storage ({error.strerror}). "
            "Nothing was replaced. Free some space and repeat it."
        ) from error


async def _check(configuration: Configuration, path: str, *, force: bool) -> None:
    """Raise where the file at *path* is not a sound database, or none of this application."""
    settings = parse_settings("imported", f"sqlite:///{quote(path)}")
    factory = configuration.environment_handler.drivers()["sqlite"]
    imported = Database(settings, factory, configuration.files)
    try:
        await check_sound(imported, "The file to import")
        if not force:
            await check_known(imported, configuration.migration_provider(), "The file to import")
    finally:
        await imported.close()


async def _replace(chosen: Database, incoming: str, target: str) -> None:
    await chosen.close()
    chosen.forget_schema()
    put_back(target)
    replace(target, incoming)
