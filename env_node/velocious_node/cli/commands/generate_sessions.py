"""``g:sessions``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.cli.command import Needs, command
from velocious.generator.migration import write_migration
from velocious.generator.steps import Steps
from velocious.generator.writing import GeneratedFiles

if TYPE_CHECKING:
    from velocious.cli.command import Invocation

STEPS = Steps(up=["await self.create_sessions_table()"], down=["await self.drop_sessions_table()"])


@command("g:sessions", needs=Needs.CONFIGURATION)
async def generate_sessions(invocation: Invocation) -> None:
    """Write the migration that makes the table of sessions."""
    configuration = invocation.configuration
    written = GeneratedFiles(configuration.files, invocation.output)
    write_migration(configuration, written, "CreateSessionsTable", STEPS)
    invocation.output.write(
        f"Run it with `{invocation.program} db:migrate`, and keep sessions in it: "
        'Configuration(http={"session": {"store": "database"}}).'
    )
