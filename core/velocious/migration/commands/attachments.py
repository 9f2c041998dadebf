"""The tables of attachments."""

from __future__ import annotations

from velocious.migration.commands.base import question
from velocious.migration.commands.tables import TableCommands


class AttachmentCommands(TableCommands):
    """The commands about the tables that attachments of records need; made of other commands."""

    @question
    async def create_attachments_tables(self) -> None:
        """Make the tables that the attachments of records need: a row for each file, and the
        chunks of those in a ``database`` storage.
        """
        from velocious.migration.attachments import create_attachments_tables

        with self.steps.step("create_attachments_tables"):
            await create_attachments_tables(self)

    @question
    async def drop_attachments_tables(self) -> None:
        """Remove what :meth:`create_attachments_tables` made. Files in storages stay."""
        from velocious.migration.attachments import drop_attachments_tables

        with self.steps.step("drop_attachments_tables"):
            await drop_attachments_tables(self)
