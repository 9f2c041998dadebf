"""What :meth:`Database.current_connection` gives: statements on whatever the task runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import TransactionError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.database.database import Database
    from velocious.database.driver import Parameters, Result, Row


class CurrentConnection:
    """A connection that may be kept and used by any task: each statement runs on the transaction
    of its task, on the connection that its block keeps, or on one from the pool.
    """

    __slots__ = ("_database",)

    def __init__(self, database: Database) -> None:
        self._database = database

    def __repr__(self) -> str:
        return f"<CurrentConnection of {self._database!r}>"

    @property
    def in_transaction(self) -> bool:
        return self._database.current_transaction() is not None

    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        return await self._database.fetch(sql, params)

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        return await self._database.fetch_described(sql, params)

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        return await self._database.execute(sql, params, unbounded=unbounded)

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        return await self._database.execute_many(sql, rows)

    async def execute_script(self, sql: str) -> None:
        await self._database.execute_script(sql)

    async def control(self, sql: str) -> None:
        raise TransactionError(
            f"{sql[:40]!r} cannot be run on a connection that all tasks share. Use `async with "
            "database.transaction():`."
        )
