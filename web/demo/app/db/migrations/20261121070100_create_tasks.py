from __future__ import annotations

from velocious.migration import Migration


class CreateTasks(Migration):
    async def up(self) -> None:
        async with self.create_table("tasks") as t:
            t.references("project", null=False, foreign_key=True, index=False)
            t.string("name", null=False, limit=200)
            t.boolean("done", null=False, default=False)
            t.integer("position", null=False)
            t.date("due_on")
            t.string("reference")
            t.timestamps()
        await self.add_index("tasks", ["project_id", "position"])
        await self.add_index("tasks", ["project_id", "done"])
        await self.add_index("tasks", ["reference"], unique=True)

    async def down(self) -> None:
        await self.drop_table("tasks")
