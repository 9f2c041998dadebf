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


@command("db:prepare", needs=Needs.DATABASES)
@lock_option
@database_option
async def db_prepare(invocation: Invocation, lock_timeout: float, database: str | None) -> None:
    """Make the databases ready, whatever state they are in.

    Missing ones are made, empty ones get their tables from db/structure-<database>.sql (if there is
    such a file), all are migrated, and app/db/seed.py runs where the default database was empty.
    """
    from velocious.migration.structure import load_structure, structure_path

    configuration, output = invocation.configuration, invocation.output
    new: list[str] = []
    for identifier in migrated(invocation, database):
        one = configuration.databases[identifier]
        if await one.create():
            output.write(f"Database {identifier}: created.")
        if await one.table_names():
            continue
        new.append(identifier)
        if configuration.directory is not None and configuration.files.exists(
            structure_path(identifier)
        ):
            path = await load_structure(one, configuration.files)
            output.write(f"Database {identifier}: loaded from {path}.")
    await migrator_for(invocation, database, lock_timeout=lock_timeout).migrate()
    has_seed = configuration.directory is not None and configuration.files.exists(PATH)
    if "default" in new and has_seed:
        await configuration.models.load()
        with printed_to(output):
            await seed(configuration, output)
    output.write("The databases are ready.")
