from __future__ import annotations

from velocious.migration import Migration


class CreateTasks(Migration):
    async def up(self) -> None:
        async with self.create_table("tasks") as t:
            t.string("name", null=False)
            t.boolean("done", null=False, default=False)
            t.timestamps()
        await self.add_index("tasks", ["name"])

    async def down(self) -> None:
        await self.drop_table("tasks")
