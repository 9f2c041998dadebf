from __future__ import annotations

from velocious.migration import Migration


class CreateTables(Migration):
    async def up(self) -> None:
        async with self.create_table("projects") as table:
            table.string("name", null=False)
        async with self.create_table("details") as table:
            table.references("project", null=False)
            table.json("notes")
        async with self.create_table("tasks") as table:
            table.references("project", null=False)
            table.integer("reviewer_id")
            table.string("name", null=False)
            table.boolean("done", null=False, default=False)
            table.integer("position")
            table.decimal("price", precision=10, scale=2)
            table.string("status", null=False)
            table.integer("effort")
            table.string("state", null=False)
            table.string("color")
            table.timestamps()
        async with self.create_table("task_translations") as table:
            table.references("task", null=False)
            table.string("locale", null=False)
            table.string("title")
        async with self.create_table("users") as table:
            table.string("email", null=False)
            table.string("password_digest", null=False)
            table.string("pin_digest")

    async def down(self) -> None:
        for name in ("users", "task_translations", "tasks", "details", "projects"):
            await self.drop_table(name)
