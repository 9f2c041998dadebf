"""SQLite as a target. Its foreign keys are off while rows are copied: see ``opening.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.database.database import Database
    from velocious.transfer.plan import TablePlan

_TRIGGERS = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?"
_COUNTS = "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'"


class SqliteTarget:
    checks_references: ClassVar[bool] = False

    def __init__(self, database: Database) -> None:
        self._database = database
        self._triggers: dict[str, list[tuple[str, str]]] = {}

    async def suspend(self, plans: Sequence[TablePlan]) -> None:
        pass  # nothing is checked while rows are copied

    async def restore(self) -> None:
        pass

    async def before_rows(self, table: str) -> None:
        rows = await self._database.fetch(_TRIGGERS, (table,))
        self._triggers[table] = [(name, sql) for name, sql in rows]
        for name, _ in self._triggers[table]:
            await self._database.execute(f"DROP TRIGGER {self._database.dialect.quote(name)}")

    async def after_rows(self, table: str) -> None:
        for _, sql in self._triggers.pop(table):
            await self._database.execute(sql)

    async def empty(self, tables: Sequence[str]) -> None:
        async with self._database.transaction():
            for table in reversed(tables):
                await self.before_rows(table)
                await self._database.execute(f"DELETE FROM {self._database.dialect.quote(table)}")
                await self.after_rows(table)

    async def counter(self, table: str, column: str) -> int:
        if not await self._database.fetch(_COUNTS):
            return 0
        rows = await self._database.fetch(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)
        )
        return rows[0][0] or 0 if rows else 0

    async def count_from(self, table: str, column: str, last: int) -> None:
        # A key without AUTOINCREMENT goes by the largest one there is.
        if not await self._database.fetch(_COUNTS):
            return
        async with self._database.transaction():
            changed = await self._database.execute(
                "UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (last, table)
            )
            sql = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?"
            text = (await self._database.fetch(sql, (table,)))[0][0]
            if not changed.rowcount and "AUTOINCREMENT" in text.upper():
                await self._database.execute(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last)
                )
