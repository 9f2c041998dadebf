"""``db:export``."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.errors import CommandError
from velocious_browser.cli.archive import pack

if TYPE_CHECKING:
    from velocious.cli.command import Invocation
    from velocious.database.database import Database
    from velocious.files import ByteFiles
    from velocious_browser.interop import Host


@command("db:export", needs=Needs.DATABASES)
@click.option("--database", default="default", help="Which database, by its identifier.")
@click.option("--files", is_flag=True, help="Attachments and uploads, too: one archive (.zip).")
@click.option("--as-is", is_flag=True, help="The files byte for byte: for a damaged database.")
async def db_export(invocation: Invocation, database: str, files: bool, as_is: bool) -> None:
    """Hand a copy of the database to the page, which offers it as a download.

    The copy is one whole SQLite file that any SQLite program opens. It has the rows of attachments,
    but not the files beside the database: --files makes one archive of both, which db:import takes
    again. A damaged database cannot be copied like that: --as-is hands over its files as they are,
    for a repair elsewhere.
    """
    host: Host = invocation.services["host"]
    chosen = invocation.configuration.database(database)
    name = f"{invocation.configuration.name or 'application'}-{chosen.identifier}.sqlite3"
    if as_is:
        await _export_files(invocation, chosen, name)
        return
    with tempfile.TemporaryDirectory(prefix="velocious-export-") as directory:
        path = os.path.join(directory, name)
        await chosen.execute("VACUUM INTO ?", [path], unbounded=True)
        beside = ""
        if files:
            name = name.removesuffix(".sqlite3") + ".zip"
            packed = os.path.join(directory, name)
            count = await pack(packed, path, byte_files(invocation))
            path, beside = packed, f", with {count:,} files"
        size = os.path.getsize(path)
        await host.export_file(path, name)
    invocation.output.write(f"Exported {name}, {size:,} bytes{beside}.")


def byte_files(invocation: Invocation) -> ByteFiles:
    """The files beside the databases. Raises CommandError where all is in memory."""
    host: Host = invocation.services["host"]
    if host.storage()["state"] == "volatile":
        raise CommandError(
            "The files of this page are in memory, together with its databases. Leave --files out, "
            "or open the page where its data is kept (https, an ordinary window)."
        )
    configuration = invocation.configuration
    return configuration.environment_handler.byte_files(configuration.directory)


async def _export_files(invocation: Invocation, chosen: Database, name: str) -> None:
    """Hand over the file of the database, and the log beside it where that holds something."""
    host: Host = invocation.services["host"]
    path = invocation.configuration.files.absolute(chosen.settings.path)
    there = [suffix for suffix in ("", "-wal") if os.path.exists(path + suffix)]
    if "" not in there:
        raise CommandError(f"There is no file {path!r} to export.")
    for suffix in there:
        size = os.path.getsize(path + suffix)
        if size > 0:
            await host.export_file(path + suffix, name + suffix)
            invocation.output.write(f"Exported {name}{suffix}, {size:,} bytes, as it is.")
