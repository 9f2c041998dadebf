from __future__ import annotations

from velocious.migration import Migration


class CreateTasks(Migration):
    async def change(self) -> None:
        async with self.create_table("tasks") as t:
            t.string("name", null=False, limit=80)
            t.datetime("done_at")
            t.timestamps()
