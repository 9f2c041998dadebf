"""MySQL and MariaDB as targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from velocious.errors import CopyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.database.database import Database
    from velocious.transfer.plan import TablePlan

_TRIGGERS = """
    SELECT TRIGGER_NAME FROM information_schema.TRIGGERS
    WHERE TRIGGER_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = ? AND EVENT_MANIPULATION = 'INSERT'
    ORDER BY TRIGGER_NAME
"""
_COUNTER = """
    SELECT AUTO_INCREMENT FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?
"""


class MysqlTarget:
    checks_references: ClassVar[bool] = False

    def __init__(self, database: Database) -> None:
        self._database = database

    async def suspend(self, plans: Sequence[TablePlan]) -> None:
        for plan in plans:
            rows = await self._database.fetch(_TRIGGERS, (plan.name,))
            if rows:
                names = ", ".join(name for (name,) in rows)
                raise CopyError(
                    f"The target's table {plan.name} has triggers that would change what is "
                    f"copied ({names}), and these servers cannot switch them off. Drop them (`SHOW "
                    "CREATE TRIGGER` shows how to make them again), and run db:copy again."
                )

    async def restore(self) -> None:
        pass  # what was switched off was so for a session that has ended

    async def before_rows(self, table: str) -> None:
        await self._database.execute("SET SESSION foreign_key_checks = 0, unique_checks = 1")
        # A key of 0 is a value, not the wish for a new one.
        await self._database.execute(
            "SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')"
        )

    async def after_rows(self, table: str) -> None:
        await self._database.execute("SET SESSION foreign_key_checks = 1")

    async def empty(self, tables: Sequence[str]) -> None:
        for table in reversed(tables):
            async with self._database.transaction():
                await self.before_rows(table)
                await self._database.execute(f"DELETE FROM {self._database.dialect.quote(table)}")
                await self.after_rows(table)

    async def counter(self, table: str, column: str) -> int:
        rows = await self._database.fetch(_COUNTER, (table,))
        return rows[0][0] - 1 if rows and rows[0][0] else 0

    async def count_from(self, table: str, column: str, last: int) -> None:
        name = self._database.dialect.quote(table)
        await self._database.execute(f"ALTER TABLE {name} AUTO_INCREMENT = {int(last) + 1}")
