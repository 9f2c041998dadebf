"""Disconnects, crashes of servers, ends of Redis and broken networks: nothing goes unsaid."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest

from tests.contracts.realtime_provider_contract import listener
from tests.node import redis
from tests.node.realtime.drill import LOUNGE, Drill

if TYPE_CHECKING:
    from pathlib import Path

#: Ends of connections in the long version.
LONG = int(os.environ.get("VELOCIOUS_DISCONNECTS", "10000"))


@pytest.mark.parametrize(
    ("disconnects", "clients"),
    [(150, 10), pytest.param(LONG, 40, marks=pytest.mark.drill)],
)
async def test_nothing_is_lost_unannounced(
    tmp_path: Path, disconnects: int, clients: int, capsys: pytest.CaptureFixture[str]
) -> None:
    async with redis.own_redis(tmp_path) as server:
        drill = Drill(server, clients=clients, seed=disconnects)
        try:
            await drill.run(disconnects)
            assert not drill.problems, "\n".join(drill.problems[:20])
            assert sum(one.recovered for one in drill.ledgers) > disconnects / 10
            await drill.quiet()
            for place, name in enumerate(("ann", "bob", "cid")):
                await listener(drill.engines[place], LOUNGE, name)
            for engine in drill.engines:
                seen: list[str] = []
                for _ in range(500):
                    seen = sorted(one.id for one in await engine.hub.members(LOUNGE))
                    if seen == ["ann", "bob", "cid"]:
                        break
                    await asyncio.sleep(0.01)
                assert seen == ["ann", "bob", "cid"]
        finally:
            await drill.stop()
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{drill.disconnects} disconnects, {drill.published} publications, "
            f"{sum(one.heard for one in drill.ledgers)} heard, "
            f"{sum(one.recovered for one in drill.ledgers)} recoveries, "
            f"{sum(one.announced for one in drill.ledgers)} announced gaps, "
            f"{drill.crashes} crashes, {drill.outages} ends of Redis, {drill.cuts} cuts"
        )
