"""``db:schema:dump``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.cli.command import Needs, command
from velocious.cli.databases import database_option, migrated

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:schema:dump", needs=Needs.DATABASES)
@database_option
async def db_schema_dump(invocation: Invocation, database: str | None) -> None:
    """Write the structure of the databases to db/structure-<database>.sql."""
    from velocious.migration.structure import dump_structure

    configuration = invocation.configuration
    for identifier in migrated(invocation, database):
        path = await dump_structure(configuration.databases[identifier], configuration.files)
        invocation.output.write(f"Database {identifier}: written to {path}.")
