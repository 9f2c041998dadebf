"""The table of the notes."""

from __future__ import annotations

from velocious.migration import Migration


class CreateNotes(Migration):
    async def up(self) -> None:
        async with self.create_table("notes") as t:
            t.text("text", null=False)
            t.timestamps()

    async def down(self) -> None:
        await self.drop_table("notes")
