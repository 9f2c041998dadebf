"""``db:prepare``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.cli.command import Needs, command
from velocious.cli.databases import database_option, migrated
from velocious.cli.migrating import lock_option, migrator_for
from velocious.cli.printed import printed_to
from velocious.cli.seeding import PATH, seed

if TYPE_CHECKING:
    from velocious.cli.command import Invocation

#: Held from the first look to the last seed: the processes of a deployment start all at once.
LOCK = "velocious prepare"


@command("db:prepare", needs=Needs.DATABASES)
@lock_option
@database_option
async def db_prepare(invocation: Invocation, lock_timeout: float, database: str | None) -> None:
    """Make the databases ready, whatever state they are in.

    Missing ones are made, empty ones get their tables from db/structure-<database>.sql (if there is
    such a file), all are migrated, and app/db/seed.py runs where the default database was empty.
    Several processes may do it at once: one does, the others wait.
    """
    configuration, output = invocation.configuration, invocation.output
    identifiers = migrated(invocation, database)
    for identifier in identifiers:
        if await configuration.databases[identifier].create():
            output.write(f"Database {identifier}: created.")
    if identifiers:
        async with configuration.databases[identifiers[0]].advisory_lock(LOCK, lock_timeout):
            empty = await _load_structures(invocation, identifiers)
            await migrator_for(invocation, database, lock_timeout=lock_timeout).migrate()
            if "default" in empty:
                await _seed(invocation)
    output.write("The databases are ready.")


async def _load_structures(invocation: Invocation, identifiers: list[str]) -> list[str]:
    """Load the structures of those databases that have no tables; which those were."""
    from velocious.migration.structure import load_structure, structure_path

    configuration = invocation.configuration
    empty: list[str] = []
    for identifier in identifiers:
        database = configuration.databases[identifier]
        if await database.table_names():
            continue
        empty.append(identifier)
        if configuration.directory is not None and configuration.files.exists(
            structure_path(identifier)
        ):
            path = await load_structure(database, configuration.files)
            invocation.output.write(f"Database {identifier}: loaded from {path}.")
    return empty


async def _seed(invocation: Invocation) -> None:
    configuration = invocation.configuration
    if configuration.directory is None or not configuration.files.exists(PATH):
        return
    await configuration.models.load()
    with printed_to(invocation.output):
        await seed(configuration, invocation.output)
