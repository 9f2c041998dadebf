"""The reader of a database that has a single connection (``:memory:``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.database.driver import Connection, Parameters, Result, Row
    from velocious.database.fair_lock import FairLock


class SharedReader:
    """Runs each read when no transaction is open, so that it never sees uncommitted rows."""

    __slots__ = ("_connection", "_turn")

    def __init__(self, connection: Connection, turn: FairLock) -> None:
        self._connection = connection
        self._turn = turn

    @property
    def in_transaction(self) -> bool:
        return False

    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        await self._turn.acquire()
        try:
            return await self._connection.fetch(sql, params)
        finally:
            self._turn.release()

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        await self._turn.acquire()
        try:
            return await self._connection.fetch_described(sql, params)
        finally:
            self._turn.release()

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        await self._turn.acquire()
        try:
            return await self._connection.execute(sql, params, unbounded=unbounded)
        finally:
            self._turn.release()

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        await self._turn.acquire()
        try:
            return await self._connection.execute_many(sql, rows)
        finally:
            self._turn.release()

    async def execute_script(self, sql: str) -> None:
        await self._turn.acquire()
        try:
            await self._connection.execute_script(sql)
        finally:
            self._turn.release()

    async def control(self, sql: str) -> None:
        await self._connection.control(sql)
