from __future__ import annotations

from velocious.migration import Migration


class CreateProjects(Migration):
    async def up(self) -> None:
        async with self.create_table("projects") as t:
            t.string("name", null=False, limit=200)
            t.timestamps()
        await self.add_index("projects", ["name"], unique=True)

    async def down(self) -> None:
        await self.drop_table("projects")
