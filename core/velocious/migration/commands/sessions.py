"""The table of sessions."""

from __future__ import annotations

from velocious.migration.commands.base import question
from velocious.migration.commands.tables import TableCommands


class SessionCommands(TableCommands):
    """The commands about the table that sessions in a database need; made of other commands."""

    @question
    async def create_sessions_table(self) -> None:
        """Make the table for ``http={"session": {"store": "database"}}``: a row a session."""
        from velocious.migration.sessions import create_sessions_table

        with self.steps.step("create_sessions_table"):
            await create_sessions_table(self)

    @question
    async def drop_sessions_table(self) -> None:
        """Remove what :meth:`create_sessions_table` made; every visitor is signed out."""
        from velocious.migration.sessions import TABLE

        with self.steps.step("drop_sessions_table"):
            await self.drop_table(TABLE)
