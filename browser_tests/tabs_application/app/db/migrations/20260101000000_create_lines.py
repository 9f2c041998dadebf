"""The table of the lines."""

from __future__ import annotations

from velocious.migration import Migration


class CreateLines(Migration):
    async def up(self) -> None:
        async with self.create_table("lines") as t:
            t.string("writer", null=False)
            t.integer("number", null=False)
        await self.add_index("lines", ["writer", "number"])

    async def down(self) -> None:
        await self.drop_table("lines")
