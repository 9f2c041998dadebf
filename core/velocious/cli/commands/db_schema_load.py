"""``db:schema:load``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.cli.command import Needs, command
from velocious.cli.databases import database_option, migrated

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:schema:load", needs=Needs.DATABASES)
@database_option
async def db_schema_load(invocation: Invocation, database: str | None) -> None:
    """Make the tables of empty databases from db/structure-<database>.sql."""
    from velocious.migration.structure import load_structure

    configuration = invocation.configuration
    for identifier in migrated(invocation, database):
        path = await load_structure(configuration.databases[identifier], configuration.files)
        invocation.output.write(f"Database {identifier}: loaded from {path}.")
