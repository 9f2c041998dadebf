"""Posts."""

from __future__ import annotations

from velocious.migration import Migration


class CreatePosts(Migration):
    async def change(self) -> None:
        async with self.create_table("posts") as t:
            t.string("title", null=False)
            t.timestamps()
