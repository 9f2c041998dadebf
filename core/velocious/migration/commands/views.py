"""Views: queries with a name."""

from __future__ import annotations

from velocious.errors import MigrationError
from velocious.migration.commands.base import Commands, command


class ViewCommands(Commands):
    """The commands about views."""

    @command
    async def create_view(self, name: str, query: str) -> None:
        """Give the SELECT *query* a name to be read by."""
        await self._make.run(self._compiler.create_view(name, query))

    @command
    async def drop_view(
        self, name: str, query: str | None = None, *, if_exists: bool = False
    ) -> None:
        """Remove a view; with its *query*, it can be brought back."""
        if if_exists and name not in await self.database.table_names():
            return
        await self._existing(name)
        await self._make.run(self._compiler.drop_view(name))

    @command
    async def replace_view(self, name: str, query: str, *, was: str | None = None) -> None:
        """Give a view another query; *was* is the one it has now, so that it can be undone."""
        await self._existing(name)
        if self.database.dialect.replaces_views:
            await self._make.run(self._compiler.create_view(name, query, replace=True))
            return
        await self._make.run(self._compiler.drop_view(name))
        await self._make.run(self._compiler.create_view(name, query))

    async def _existing(self, name: str) -> None:
        described = await self.database.table(name)
        if described.primary_key:
            raise MigrationError(
                f"{name!r} is a table, not a view. Use drop_table, or name the view you mean."
            )
