"""``db:vacuum`` in a shell."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.cli.vacuuming import vacuum

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:vacuum", needs=Needs.DATABASES)
@click.option("--database", default="default", help="Which database, by its identifier.")
async def db_vacuum(invocation: Invocation, database: str) -> None:
    """Give the room of deleted rows in an SQLite database back to the disk.

    The file is rewritten, for which there must be room; whoever writes waits meanwhile.
    """

    async def free_bytes(path: str) -> int:
        return shutil.disk_usage(os.path.dirname(path)).free

    await vacuum(invocation, database, free_bytes)
