"""Posts."""

from __future__ import annotations

from velocious.migration import Migration


class CreatePosts(Migration):
    async def up(self) -> None:
        async with self.create_table("posts") as t:
            t.string("title", null=False)
            t.string("author", null=False)
            t.boolean("published", null=False)

    async def down(self) -> None:
        await self.drop_table("posts")
