"""``db:sql``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.cli.tabular import FORMATS

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:sql", needs=Needs.DATABASES)
@click.argument("sql")
@click.option("--database", default="default", help="Which database, by its identifier.")
@click.option("--format", type=click.Choice(FORMATS), default="table", help="How rows are shown.")
@click.option("--read-only", is_flag=True, help="The database refuses every change.")
async def db_sql(
    invocation: Invocation, sql: str, database: str, format: str, read_only: bool
) -> None:
    """Run one SQL statement, and show its rows.

    For example: db:sql "SELECT id, name FROM tasks LIMIT 5" --format json
    """
    from velocious.cli.statement import run_statement
    from velocious.transfer.opening import open_source

    chosen = invocation.configuration.database(database)
    if not read_only:
        invocation.output.write(await run_statement(chosen, sql, format))
        return
    reading = open_source(invocation.configuration, chosen.settings)
    try:
        invocation.output.write(await run_statement(reading, sql, format))
    finally:
        await reading.close()
