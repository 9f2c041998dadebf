"""How many databases of tenants are open, and for how long."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from velocious.database.settings import parse_settings
from velocious.database.tenant_databases import TenantDatabases
from velocious.errors import DatabaseUnavailableError, TenantLimitError

if TYPE_CHECKING:
    from typing import Any


class FakeDatabase:
    """A database that is open from the start."""

    identifier = "default"

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name
        self.fails = False

    async def close(self) -> None:
        await asyncio.sleep(0)
        self.world.open.remove(self.name)
        if self.fails:
            raise DatabaseUnavailableError("no")


class World:
    """Which databases are open."""

    def __init__(
        self, limit: int, *, timeout: float = 1.0, idle_timeout: float | None = 60
    ) -> None:
        self.now = 1000.0
        self.open: list[str] = []
        self.most = 0
        self.databases = TenantDatabases(
            limit, timeout=timeout, idle_timeout=idle_timeout, time=lambda: self.now
        )

    def _make(self, name: str) -> Any:
        self.open.append(name)
        self.most = max(self.most, len(self.open))
        return FakeDatabase(self, name)

    async def acquire(self, name: str) -> Any:
        settings = parse_settings("default", f"sqlite:///{name}")
        return await self.databases.acquire(settings, lambda: self._make(name))

    async def use(self, name: str) -> None:
        self.databases.release(await self.acquire(name))


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_the_same_settings_are_the_same_database() -> None:
    world = World(5)
    first, second = await world.acquire("a"), await world.acquire("a")
    assert first is second
    assert await world.acquire("b") is not first
    assert world.open == ["a", "b"]


async def test_the_least_recently_used_makes_room() -> None:
    world = World(2)
    for name in ("a", "b", "a", "c"):
        await world.use(name)
    assert sorted(world.open) == ["a", "c"]
    assert world.most == 2


async def test_one_in_use_stays_open() -> None:
    world = World(2)
    mine = await world.acquire("a")
    for name in ("b", "c", "d"):
        await world.use(name)
    assert world.open == ["a", "d"]
    assert await world.acquire("a") is mine


async def test_who_finds_all_in_use_waits_for_a_place() -> None:
    world = World(1)
    mine = await world.acquire("a")
    waiting = asyncio.create_task(world.acquire("b"))
    await settle()
    assert not waiting.done()
    world.databases.release(mine)
    assert (await waiting).name == "b"
    assert world.open == ["b"]
    assert world.most == 1


async def test_who_waits_too_long_is_told_so() -> None:
    world = World(1, timeout=0.01)
    await world.acquire("a")
    with pytest.raises(TenantLimitError, match="All 1 places"):
        await world.acquire("b")
    assert await world.acquire("a") is not None


async def test_a_cancelled_wait_passes_its_place_on() -> None:
    world = World(1)
    mine = await world.acquire("a")
    first, second = asyncio.create_task(world.use("b")), asyncio.create_task(world.use("c"))
    await settle()
    world.databases.release(mine)
    first.cancel()
    await second
    assert world.open == ["c"]
    assert len(world.databases) == 1


async def test_many_tasks_stay_within_the_limit() -> None:
    world = World(3)

    async def work(number: int) -> None:
        database = await world.acquire(f"t{number % 7}")
        await asyncio.sleep(0)
        assert database.name in world.open
        world.databases.release(database)

    await asyncio.gather(*(work(number) for number in range(100)))
    assert world.most == 3
    await world.databases.close()
    assert world.open == []
    assert len(world.databases) == 0


async def test_what_nobody_has_used_for_a_while_is_closed() -> None:
    world = World(5, idle_timeout=60)
    await world.use("a")
    mine = await world.acquire("b")
    world.now += 60
    world.databases.sweep()
    await settle()
    assert world.open == ["b"]
    world.databases.release(mine)
    world.now += 59
    world.databases.sweep()
    await settle()
    assert world.open == ["b"]
    await world.databases.close()


async def test_it_sweeps_by_itself() -> None:
    world = World(5, idle_timeout=0.1)
    await world.use("a")
    world.now += 1
    await asyncio.sleep(0.12)
    assert world.open == []


async def test_one_that_does_not_close_still_makes_room() -> None:
    world = World(1)
    database = await world.acquire("a")
    database.fails = True
    world.databases.release(database)
    await world.use("b")
    assert len(world.databases) == 1


async def test_one_that_cannot_be_made_leaves_no_trace() -> None:
    world = World(1)
    settings = parse_settings("default", "sqlite:///x")

    def fail() -> Any:
        raise LookupError

    with pytest.raises(LookupError):
        await world.databases.acquire(settings, fail)
    await world.use("a")
