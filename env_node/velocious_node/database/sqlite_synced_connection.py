"""The writer of a database whose commits wait for the disk.

Law: the event loop does not wait with them. Everything that commits runs in the writer's thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious_node.database.sqlite_connection import BudgetedConnection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.database.driver import Parameters, Result


class SyncedConnection(BudgetedConnection):
    """For ``synchronous=full`` and for journal modes that flush at each commit."""

    __slots__ = ()

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        # Outside of a transaction the statement itself commits.
        alone = not self.raw.in_transaction
        return await super().execute(sql, params, unbounded=unbounded or alone)

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        if self.raw.in_transaction:
            return await super().execute_many(sql, rows)
        self.check(sql)
        return await self.write_chunks(sql, iter(rows))

    async def control(self, sql: str) -> None:
        if sql != "COMMIT":
            await super().control(sql)
            return
        self.check("")
        try:
            await self.insistently(sql, lambda: self.own(lambda: self.raw.execute(sql), None))
        finally:
            self.in_block = self.raw.in_transaction
