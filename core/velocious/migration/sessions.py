"""The table of sessions, as a migration makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.migration.commands.sessions import SessionCommands

TABLE = "velocious_sessions"


async def create_sessions_table(migration: SessionCommands) -> None:
    """See :meth:`Migration.create_sessions_table`."""
    async with migration.create_table(TABLE) as t:
        # A digest of what the visitor's cookie holds: who reads the table cannot become anybody.
        t.string("digest", null=False, limit=64, unique=True)
        t.string("owner", limit=120, index=True)
        t.text("content", null=False)
        t.datetime("ends_at", index=True)
        t.timestamps()
