"""Servers and a Redis that are killed, and clients on sockets: nothing goes unsaid."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.node import redis
from tests.node.realtime.process_drill import ProcessDrill

if TYPE_CHECKING:
    from pathlib import Path

#: Ends of connections in the long version.
LONG = int(os.environ.get("VELOCIOUS_DISCONNECTS", "10000"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("disconnects", "clients", "rests"),
    [(200, 10, 2), pytest.param(LONG, 30, 20, marks=pytest.mark.drill)],
)
async def test_nothing_is_lost_unannounced_and_all_agree_on_who_is_there(
    tmp_path: Path,
    disconnects: int,
    clients: int,
    rests: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with redis.own_redis(tmp_path) as server:
        drill = ProcessDrill(server, tmp_path / "log", clients=clients, seed=disconnects)
        await drill.run(disconnects, rests)
    assert not drill.problems, "\n".join(drill.problems[:20])
    assert drill.agreements == rests
    assert drill.total("recovered") > disconnects / 10
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{drill.disconnects} disconnects, {drill.published} publications, "
            f"{drill.total('heard')} heard, {drill.total('recovered')} recoveries, "
            f"{drill.total('announced')} announced gaps, {drill.crashes} servers killed, "
            f"{drill.outages} ends of Redis, {drill.cuts} cuts, {drill.freezes} freezes, "
            f"{drill.agreements} times all agreed"
        )
