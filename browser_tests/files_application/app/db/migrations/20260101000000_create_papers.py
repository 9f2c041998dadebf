"""The table of the papers, and those of attachments."""

from __future__ import annotations

from velocious.migration import Migration


class CreatePapers(Migration):
    async def up(self) -> None:
        await self.create_attachments_tables()
        async with self.create_table("papers") as t:
            t.string("title")

    async def down(self) -> None:
        await self.drop_table("papers")
        await self.drop_attachments_tables()
