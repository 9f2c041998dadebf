"""``db:copy``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.cli.steps import show_step
from velocious.errors import WrongUsageError

if TYPE_CHECKING:
    from velocious.cli.command import Invocation
    from velocious.database.settings import DatabaseSettings

_EXAMPLE = "For example: db:copy --from sqlite:///db/production.sqlite3 --to postgresql://…/shop"


@command("db:copy", needs=Needs.DATABASES)
@click.option("--from", "source", metavar="URL|NAME", help="What is read: a URL or identifier.")
@click.option("--to", "target", metavar="URL|NAME", help="What is written to.")
@click.option("--tables", metavar="A,B", help="Only these tables.")
@click.option("--truncate", is_flag=True, help="Delete the target's rows before; begin anew.")
async def db_copy(
    invocation: Invocation,
    source: str | None,
    target: str | None,
    tables: str | None,
    truncate: bool,
) -> None:
    """Copy all rows of a database into another one, also of another kind.

    The one that is not named is the database "default". The target gets its tables from the
    application's migrations. All rows are compared in the end. Run it again after it was stopped,
    and it goes on.
    """
    from velocious.transfer.opening import settings_of

    if source is None and target is None:
        raise WrongUsageError(f"Say where from, where to, or both. {_EXAMPLE}")
    configuration = invocation.configuration
    target_name = "default" if target is None or "://" in target else target
    given = settings_of(configuration, source or "default", target_name)
    source_name = "default" if source is None or "://" in source else source
    wanted = settings_of(configuration, target or "default", source_name)
    if given.url == wanted.url:
        raise WrongUsageError(f"The source and the target are both {given.safe_url}. {_EXAMPLE}")
    names = [name.strip() for name in (tables or "").split(",") if name.strip()]
    await _copy(invocation, given, wanted, names, truncate)


async def _copy(
    invocation: Invocation,
    given: DatabaseSettings,
    wanted: DatabaseSettings,
    tables: list[str],
    truncate: bool,
) -> None:
    from velocious.transfer.database_copy import DatabaseCopy
    from velocious.transfer.opening import open_source, open_target

    output = invocation.output
    source = open_source(invocation.configuration, given)
    target = open_target(invocation.configuration, wanted)
    try:
        await source.open()  # a source that is not there must not cost the target anything
        made = await _migrate(invocation, wanted)
        copy = DatabaseCopy(
            source, target, output.progress, tables=tables, truncate=truncate or made
        )
        copied = await copy.run()
    finally:
        await source.close()
        await target.close()
    total = sum(table.rows for table in copied)
    for table in copied:
        output.write(f"  {table.rows:>12,}  {table.name}")
    plural = "" if len(copied) == 1 else "s"
    output.write(
        f"Copied {total:,} rows of {len(copied)} table{plural} from {given.safe_url} to "
        f"{wanted.safe_url}; compared, all equal."
    )


async def _migrate(invocation: Invocation, settings: DatabaseSettings) -> bool:
    """Bring the target's tables up to date; whether there was none before: then what is in them
    now was stored by migrations, and the source has rows of its own in place of it.
    """
    from velocious.migration.database_migrator import DatabaseMigrator
    from velocious.transfer.opening import open_plainly

    configuration = invocation.configuration
    target = open_plainly(configuration, settings)
    try:
        await target.create()
        empty = not await target.table_names()
        if settings.migrations:
            sources = configuration.migration_provider().sources()
            migrator = DatabaseMigrator(
                target, sources, configuration.clock, show_step(invocation.output)
            )
            async with migrator.turn():
                await migrator.run(await migrator.to_migrate(None))
        return empty
    finally:
        await target.close()
