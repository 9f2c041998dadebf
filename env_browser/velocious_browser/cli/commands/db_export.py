"""``db:export``."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command

if TYPE_CHECKING:
    from velocious.cli.command import Invocation
    from velocious_browser.interop import Host


@command("db:export", needs=Needs.OPEN)
@click.option("--database", default="default", help="Which database, by its identifier.")
async def db_export(invocation: Invocation, database: str) -> None:
    """Hand a copy of the database to the page, which offers it as a download.

    The copy is one whole SQLite file that any SQLite program opens.
    """
    host: Host = invocation.services["host"]
    chosen = invocation.configuration.database(database)
    name = f"{invocation.configuration.name or 'application'}-{chosen.identifier}.sqlite3"
    with tempfile.TemporaryDirectory(prefix="velocious-export-") as directory:
        path = os.path.join(directory, name)
        await chosen.execute("VACUUM INTO ?", [path], unbounded=True)
        size = os.path.getsize(path)
        await host.export_file(path, name)
    invocation.output.write(f"Exported {name}, {size:,} bytes.")
