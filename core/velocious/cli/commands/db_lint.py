"""``db:lint``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command

if TYPE_CHECKING:
    from velocious.cli.command import Invocation


@command("db:lint", needs=Needs.DATABASES)
@click.option("--all", "every", is_flag=True, help="Those that have run, too.")
async def db_lint(invocation: Invocation, every: bool) -> int:
    """Find migrations that would keep the users of a busy PostgreSQL server waiting."""
    from velocious.migration import Migrator
    from velocious.migration.lint import lint

    configuration, output = invocation.configuration, invocation.output
    sources = configuration.migration_provider().sources()
    if not every:
        sources = await Migrator(configuration).pending()
    found = lint(sources)
    for complaint in found:
        output.write(f"{output.style(complaint.place, 'bold')}: {complaint.step}")
        output.write(f"  {complaint.danger}")
        output.write(f"  {complaint.instead}")
    count = "1 migration" if len(sources) == 1 else f"{len(sources)} migrations"
    output.write(f"{len(found)} complaints about {count}.")
    return 1 if found else 0
