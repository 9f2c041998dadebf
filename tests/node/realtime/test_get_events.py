"""Publishing from programs that have no configuration."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.realtime_provider_contract import events, listener
from tests.node import redis
from tests.node.realtime.test_redis_faults import processes
from tests.suites.waiting import until
from velocious.errors import ConfigurationError, NotAvailableHereError, ProviderUnavailableError
from velocious.realtime import close_events, get_events
from velocious_browser.handler import BrowserEnvironmentHandler
from velocious_node import NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from velocious.testing.environment import TestEnvironment

HERE = NodeEnvironmentHandler()


@pytest.fixture
async def options() -> AsyncIterator[dict[str, Any]]:
    async with redis.prefix() as prefix:
        yield {**redis.QUICK, "prefix": prefix, "url": redis.URL}
        await close_events()


async def test_clients_of_servers_hear_what_a_program_says(options: dict[str, Any]) -> None:
    prefix = options["prefix"]
    async with processes(redis.URL, prefix=prefix, count=1) as (server,):
        ann = await listener(server, "news")
        channels = await get_events(environment_handler=HERE, redis=options)
        await channels.publish("news", "said", 1)
        await (await get_events()).broadcast("said", 2)
        await until(lambda: events(ann) == [1, 2])


async def test_whoever_asks_gets_the_same_one_until_it_is_closed(options: dict[str, Any]) -> None:
    first, beside = await asyncio.gather(
        get_events(environment_handler=HERE, redis=options),
        get_events(environment_handler=HERE, redis=dict(options)),
    )
    assert first is beside
    assert await get_events() is first
    await close_events()
    await close_events()
    with pytest.raises(ProviderUnavailableError):
        await first.publish("news", "said", 1)
    with pytest.raises(ConfigurationError, match="Nothing connects this program"):
        await get_events()
    assert await get_events(environment_handler=HERE, redis=options) is not first


async def test_other_options_are_an_error_that_shows_no_address(options: dict[str, Any]) -> None:
    await get_events(environment_handler=HERE, redis=options)
    with pytest.raises(ConfigurationError, match=r"close_events\(\)") as told:
        await get_events(redis="redis://:secret@elsewhere")
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    "given", [{"environment_handler": HERE}, {"redis": redis.URL}], ids=["where", "what"]
)
async def test_the_first_call_says_where_it_runs_and_what_connects_it(given: Any) -> None:
    with pytest.raises(ConfigurationError, match="names no environment_handler and no redis"):
        await get_events(**given)


async def test_an_open_configuration_publishes_itself(
    sqlite_environment: TestEnvironment, options: dict[str, Any]
) -> None:
    async with sqlite_environment.application(realtime={"redis": options}) as opened:
        assert await get_events() is opened.channels
        assert await get_events(redis=options) is opened.channels
        with pytest.raises(ConfigurationError, match="open configuration has another"):
            await get_events(redis=redis.URL)
        await close_events()
        await opened.channels.publish("news", "said", 1)


async def test_without_redis_it_says_so(tmp_path: Path) -> None:
    away = {"url": redis.OwnRedis(tmp_path).url, **redis.QUICK}
    try:
        channels = await get_events(environment_handler=HERE, redis=away)
        with pytest.raises(ProviderUnavailableError, match="away"):
            await channels.publish("news", "said", 1)
    finally:
        await close_events()


async def test_pages_publish_through_no_redis() -> None:
    with pytest.raises(NotAvailableHereError):
        await get_events(environment_handler=BrowserEnvironmentHandler(), redis=redis.URL)


def test_another_event_loop_has_its_own() -> None:
    async def asked() -> object:
        return await get_events(environment_handler=HERE, redis=redis.URL)

    async def closed() -> object:
        channels = await asked()
        await close_events()
        return channels

    # Left open: its loop is gone, and nobody else may be given it.
    left = asyncio.run(asked())
    assert asyncio.run(closed()) is not left
