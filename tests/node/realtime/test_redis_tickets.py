"""One-time tickets of several processes with one Redis."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.node import redis
from tests.suites.waiting import until
from velocious.errors import ConfigurationError, ProviderUnavailableError
from velocious.realtime.application_tickets import application_tickets
from velocious.realtime.envelopes.velox import VeloxCodec
from velocious.realtime.tickets import MemoryTickets
from velocious_node.realtime.redis import ForeignProvider, RedisProvider

if TYPE_CHECKING:
    from pathlib import Path

    from velocious.testing.environment import TestEnvironment

SECRET = "a secret that only these tests know."


async def test_a_ticket_is_good_once_in_all_processes(sqlite_environment: TestEnvironment) -> None:
    async with redis.prefix() as prefix:
        options: dict[str, Any] = {**redis.QUICK, "prefix": prefix, "url": redis.URL}
        settings: dict[str, Any] = {"realtime": {"redis": options}, "secret": SECRET}
        async with sqlite_environment.application(**settings) as here:
            ticket = await here.tickets().issue({"user": 5})
            once = await here.tickets().issue({"user": 6})
            # Another process with the same secret, which nobody has started.
            async with sqlite_environment.application(**settings) as there:
                assert await there.tickets().redeem(ticket) == {"user": 5}
                assert await there.tickets().redeem(ticket) is None
                assert await here.tickets().redeem(ticket) is None
                found = await asyncio.gather(
                    *(one.tickets().redeem(once) for one in (here, there) * 10)
                )
                assert [one for one in found if one] == [{"user": 6}]


async def test_a_used_ticket_is_noted_until_it_has_ended(tmp_path: Path) -> None:
    async with redis.own_redis(tmp_path) as server:
        provider = RedisProvider(server.url, **redis.QUICK)
        await provider.start(lambda _: None, lambda _: None)
        # Long enough for a busy machine to ask twice.
        assert await provider.tickets.spend("a", 1.5) is True
        assert await provider.tickets.spend("a", 1.5) is False
        await asyncio.sleep(1.6)
        assert await provider.tickets.spend("a", 30) is True
        await provider.stop()


async def test_while_redis_is_away_nobody_gets_in_by_a_ticket(tmp_path: Path) -> None:
    async with redis.own_redis(tmp_path) as server:
        provider = RedisProvider(server.url, **redis.QUICK)
        await provider.start(lambda _: None, lambda _: None)
        await server.kill()
        await until(lambda: not provider._outbox.is_up)
        with pytest.raises(ProviderUnavailableError):
            await provider.tickets.spend("a", 30)
        await server.start()
        await until(lambda: provider._outbox.is_up)
        assert await provider.tickets.spend("a", 30) is True
        await provider.stop()


async def test_processes_among_those_of_another_system_share_tickets_too() -> None:
    async with redis.prefix() as prefix:
        made = [
            ForeignProvider(redis.URL, codec=VeloxCodec(), **{**redis.QUICK, "prefix": prefix})
            for _ in range(2)
        ]
        for one in made:
            await one.start(lambda _: None, lambda _: None)
        assert [await one.tickets.spend("a", 30) for one in made] == [True, False]
        for one in made:
            await one.stop()


async def test_a_provider_that_knows_of_no_tickets_has_none(
    sqlite_environment: TestEnvironment,
) -> None:
    class Bus:
        """Connects processes in some way of its own."""

    async with sqlite_environment.application(secret=SECRET) as alone:
        tickets = alone.tickets(place="/ws")
        assert await tickets.redeem(await alone.tickets(place="/ws").issue(5)) == 5
        assert isinstance(alone.realtime.ticket_store(alone.clock), MemoryTickets)
        with pytest.raises(ConfigurationError, match=r"Bus connects processes.*store=") as failed:
            application_tickets(_as_provider(Bus()), _nothing, alone.clock)
        assert "every process" in str(failed.value)


def _as_provider(given: Any) -> Any:
    return given


async def _nothing() -> None:
    pass
