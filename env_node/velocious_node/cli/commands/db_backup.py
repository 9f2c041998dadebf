"""``db:backup``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.errors import BackupError
from velocious_node.database.sqlite_backup import back_up
from velocious_node.database.sqlite_places import FOLDER, backup_path, remove_old, sqlite_path

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:backup", needs=Needs.DATABASES)
@click.option("--database", default="default", help="Which database, by its identifier.")
@click.option("--output", metavar="PATH", help=f"A new file, or a folder; {FOLDER}/ by default.")
@click.option("--gzip", "compress", is_flag=True, help="Compress it; so does a name with .gz.")
@click.option(
    "--keep", type=click.IntRange(1), metavar="N", help="Remove older ones in the folder."
)
async def db_backup(
    invocation: Invocation, database: str, output: str | None, compress: bool, keep: int | None
) -> None:
    """Copy an SQLite database, while it is in use, to one checked file.

    The copy is the database of one moment, whatever is written meanwhile. db:restore takes it.
    """
    configuration = invocation.configuration
    chosen = configuration.database(database)
    source = sqlite_path(chosen, configuration.files, "db:backup")
    if not os.path.exists(source):
        raise BackupError(f"There is no file {source!r} to back up. `db:create` would make it.")
    place = os.path.abspath(output) + ("/" if output.endswith("/") else "") if output else None
    place = place or configuration.files.absolute(FOLDER) + "/"
    compress = compress or place.endswith(".gz")
    target = backup_path(chosen, place, configuration.clock.now(), compress=compress)
    if os.path.exists(target):
        raise BackupError(
            f"There is a file {target!r} already, which is kept. Name another one with --output, "
            "or a folder (with a / at its end), where each backup gets a name of its own."
        )
    size = await back_up(source, target, invocation.output.progress, compress=compress)
    invocation.output.write(f"Backed up {database} to {target}, {size:,} bytes.")
    if keep is not None:
        for old in remove_old(os.path.dirname(target), chosen.identifier, keep):
            invocation.output.write(f"Removed {old}.")
