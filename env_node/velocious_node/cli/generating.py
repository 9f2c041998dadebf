"""What the commands that generate files share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.errors import CommandError, DatabaseError
from velocious.generator.migration import existing_migration
from velocious.generator.writing import GeneratedFiles
from velocious.migration.currency import applied_versions, migrated_databases
from velocious.naming import underscore

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from velocious.cli.command import Invocation


def force_option[BodyT: Callable[..., Any]](body: BodyT) -> BodyT:
    """``--force``: also what was changed."""
    help = "Also replace or remove files that differ from what is generated."
    return click.option("--force", is_flag=True, help=help)(body)


def pretend_option[BodyT: Callable[..., Any]](body: BodyT) -> BodyT:
    """``--pretend`` or ``--dry-run``: nothing is written."""
    help = "Only say what would be done."
    return click.option("--pretend", "--dry-run", is_flag=True, help=help)(body)


def generated_files(invocation: Invocation, *, force: bool, pretend: bool) -> GeneratedFiles:
    """The application's files, to be written and removed."""
    if pretend:
        invocation.output.write("Nothing is written; this would be done:")
    files = invocation.configuration.files
    return GeneratedFiles(files, invocation.output, force=force, pretend=pretend)


async def keep_what_has_run(invocation: Invocation, migration: str) -> None:
    """Do nothing where the migration called *migration* has not run, or is not there.

    Without its file nobody could undo it, and each later `db:migrate` would miss it.

    Raises:
        CommandError: it has run on a database.
    """
    configuration = invocation.configuration
    path = existing_migration(configuration.files, underscore(migration))
    if path is None:
        return
    name = path.rpartition("/")[2]
    version = name.partition("_")[0]
    for database in migrated_databases(configuration):
        try:
            has_run = version in await applied_versions(database)
        except DatabaseError as error:
            invocation.output.error(f"Nobody knows whether {name} has run: {error}")
            continue
        finally:
            await database.close()
        if has_run:
            raise CommandError(
                f"Nothing was removed: {name} has run on {database.identifier!r}. Undo it first: "
                f"`velocious db:migrate:down {version}`. With --force its table stays."
            )
