"""``db:console``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from velocious.cli.command import Needs, command
from velocious.errors import CommandError
from velocious.transfer.opening import open_source
from velocious_node.cli.shell import PROGRAMS, find_program, run_shell, shell_for
from velocious_node.cli.sql_prompt import SqlPrompt

if TYPE_CHECKING:
    from velocious.cli.command import Invocation
    from velocious.database.database import Database


@command("db:console", needs=Needs.DATABASES)
@click.option("--database", default="default", help="Which database, by its identifier.")
@click.option("--read-only", is_flag=True, help="The database refuses every change.")
@click.option("--own", is_flag=True, help="Velocious's prompt, also where a shell is installed.")
async def db_console(
    invocation: Invocation, database: str, read_only: bool, own: bool
) -> int | None:
    """Open the database's own shell: sqlite3, psql or mariadb.

    Where the program is not installed, statements are read by a prompt of Velocious. It is used for
    statements from a file or pipe with --own, too.
    """
    chosen = invocation.configuration.database(database)
    program = None if own else find_program(chosen.settings.scheme)
    if program is None:
        return await _prompt(invocation, chosen, read_only, own)
    if chosen.settings.path == ":memory:":
        raise CommandError(
            f"The database {database!r} is in memory: another program would open another one. "
            "Use --own."
        )
    files = invocation.configuration.files
    with shell_for(program, chosen, files, read_only=read_only) as shell:
        return await run_shell(shell)


async def _prompt(invocation: Invocation, chosen: Database, read_only: bool, own: bool) -> int:
    output = invocation.output
    if sys.stdin.isatty():
        missing = PROGRAMS[chosen.settings.scheme][0]
        why = "" if own else f" ({missing} is not installed)"
        output.write(f"SQL on {chosen.settings.safe_url}{why}. .help explains, Ctrl+D leaves.")
    if not read_only:
        return await SqlPrompt(chosen, output).run()
    reading = open_source(invocation.configuration, chosen.settings)
    try:
        return await SqlPrompt(reading, output).run()
    finally:
        await reading.close()
