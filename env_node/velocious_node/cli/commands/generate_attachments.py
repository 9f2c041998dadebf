"""``g:attachments``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.cli.command import Needs, command
from velocious.generator.migration import write_migration
from velocious.generator.steps import Steps
from velocious.generator.writing import GeneratedFiles

if TYPE_CHECKING:
    from velocious.cli.command import Invocation

STEPS = Steps(
    up=["await self.create_attachments_tables()"], down=["await self.drop_attachments_tables()"]
)


@command("g:attachments", needs=Needs.CONFIGURATION)
async def generate_attachments(invocation: Invocation) -> None:
    """Write the migration that makes the tables of attachments."""
    configuration = invocation.configuration
    written = GeneratedFiles(configuration.files, invocation.output)
    write_migration(configuration, written, "CreateAttachmentsTables", STEPS)
    invocation.output.write(f"Run it with `{invocation.program} db:migrate`.")
