"""Connections to nowhere, and a clock that tests move."""

from __future__ import annotations

import asyncio

from velocious.database.pool import Pool
from velocious.database.pool_settings import PoolSettings
from velocious.errors import DatabaseUnreachableError


class FakeConnection:
    """A connection that does what a test tells it to."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.is_closed = False
        self.in_transaction = False
        self.alive = True
        self.users = 0
        self.calls: list[str] = []
        self.hangs = False

    def __repr__(self) -> str:
        return f"<FakeConnection {self.number}>"

    async def ping(self) -> None:
        await self._call("ping")
        if not self.alive:
            self.is_closed = True
            raise DatabaseUnreachableError("gone")

    async def reset(self) -> None:
        await self._call("reset")
        self.in_transaction = False

    async def close(self) -> None:
        await self._call("close")
        self.is_closed = True

    def terminate(self) -> None:
        self.calls.append("terminate")
        self.is_closed = True

    async def _call(self, name: str) -> None:
        self.calls.append(name)
        if self.hangs:
            await asyncio.Event().wait()
        await asyncio.sleep(0)


class FakeServer:
    """Makes connections, counts those that are open, and can be down."""

    def __init__(self) -> None:
        self.made: list[FakeConnection] = []
        self.most_open = 0
        self.tries = 0
        self.failure: Exception | None = None
        self.now = 1000.0

    @property
    def open(self) -> list[FakeConnection]:
        return [one for one in self.made if not one.is_closed]

    async def connect(self) -> FakeConnection:
        self.tries += 1
        await asyncio.sleep(0)
        if self.failure is not None:
            raise self.failure
        connection = FakeConnection(len(self.made) + 1)
        self.made.append(connection)
        self.most_open = max(self.most_open, len(self.open))
        return connection

    def die(self) -> None:
        """Every connection breaks without notice."""
        for connection in self.made:
            connection.alive = False

    def time(self) -> float:
        return self.now

    def pool(self, **settings: float | None) -> Pool[FakeConnection]:
        """A pool of this server, whose time is :attr:`now`."""
        return Pool(self.connect, make_settings(**settings), name="default", time=self.time)


def make_settings(**given: float | None) -> PoolSettings:
    """Settings of a small pool without upkeep, but for what is *given*."""
    from velocious.database.pool_settings import parse_pool

    return parse_pool("default", given, PoolSettings(minimum=0, maximum=2, timeout=1.0))
