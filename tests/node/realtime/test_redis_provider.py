"""Two processes with one Redis keep what every provider promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.realtime_provider_contract import ProviderContract, made
from tests.node import redis
from velocious_node.realtime.redis import RedisProvider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.contracts.realtime_provider_contract import Processes


@pytest.fixture(params=[None, "a secret of ours"], ids=["plain", "signed"])
async def processes(request: pytest.FixtureRequest) -> AsyncIterator[Processes]:
    async with redis.prefix() as prefix:
        options: dict[str, Any] = {**redis.QUICK, "prefix": prefix, "secret": request.param}
        engines = [made(RedisProvider(redis.URL, **options)) for _ in range(2)]
        for one in engines:
            await one.start()
        yield engines
        for one in engines:
            await one.stop()


class TestRedisProvider(ProviderContract):
    """Everything that providers promise."""
