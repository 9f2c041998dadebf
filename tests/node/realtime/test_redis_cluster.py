"""Processes with a cluster of Redis between them keep what every provider promises."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from redis.asyncio.cluster import RedisCluster

from tests.contracts.realtime_provider_contract import ProviderContract, events, listener, made
from tests.node import redis
from tests.node.realtime.redis_troubles import crash, provider_of
from tests.node.redis_cluster import own_cluster
from tests.suites.waiting import until
from velocious.errors import ProviderUnavailableError
from velocious_node.realtime.redis import RedisEmitter, RedisProvider
from velocious_node.realtime.redis.link import ClusterLink
from velocious_node.realtime.redis.server import Server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.contracts.realtime_provider_contract import Processes
    from tests.node.redis_cluster import Cluster
    from velocious.realtime import Engine

pytestmark = pytest.mark.slow
#: Enough channels for some to be on each server.
BOARDS = [f"board:{number}" for number in range(12)]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with own_cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture
def options() -> dict[str, Any]:
    # A client learns all commands of a cluster when it connects: on a busy machine that takes long,
    # and a process that waits for it is not dead.
    return {**redis.QUICK, "timeout": 10.0, "lease": 3.0, "prefix": f"rt:test-{uuid4().hex[:10]}"}


@pytest.fixture
async def processes(cluster: Cluster, options: dict[str, Any]) -> AsyncIterator[Processes]:
    engines = [made(RedisProvider(cluster.url, **options)) for _ in range(2)]
    for one in engines:
        await one.start()
    yield engines
    for one in engines:
        await one.stop()


class TestClusterProvider(ProviderContract):
    """Everything that providers promise."""


async def test_channels_are_spread_over_the_servers(processes: Processes, cluster: Cluster) -> None:
    ears = [await listener(processes[1], board) for board in BOARDS]
    for board in BOARDS:
        await processes[0].hub.publish(board, "said", board)
    for board, ear in zip(BOARDS, ears, strict=True):
        await until(lambda ear=ear, board=board: events(ear) == [board])
    assert all(node.ask("DBSIZE") > 0 for node in cluster.nodes)


async def test_who_comes_back_gets_what_was_missed_from_any_process(processes: Processes) -> None:
    here, there = processes
    for board in BOARDS:
        ear = await listener(here, board)
        position = ear.heard("sub.ok")["pos"]
        await ear.leaves()
        await here.hub.publish(board, "said", 1)
        back = await listener(there, board, since=position)
        assert back.heard("sub.ok")["recovered"] is True
        await until(lambda back=back: events(back) == [1])


async def test_processes_without_a_server_publish(
    processes: Processes, cluster: Cluster, options: dict[str, Any]
) -> None:
    ears = [await listener(processes[1], board) for board in BOARDS]
    async with RedisEmitter(cluster.url, **options) as emitter:
        for board in BOARDS:
            await emitter.publish(board, "said", 1)
    for ear in ears:
        await until(lambda ear=ear: events(ear) == [1])


async def test_a_client_of_the_cluster_will_do(cluster: Cluster, options: dict[str, Any]) -> None:
    client: Any = RedisCluster.from_url(cluster.url.replace("+cluster", ""))
    engine = made(RedisProvider(client, **options))
    await engine.start()
    ear = await listener(engine, "board:1")
    await engine.hub.publish("board:1", "said", 1)
    await until(lambda: events(ear) == [1])
    await engine.stop()
    await client.aclose()


@pytest.mark.parametrize("turns", [1, 2, 3])
async def test_whoever_ends_while_it_hangs_up_leaves_nothing_open(
    cluster: Cluster, turns: int
) -> None:
    link = ClusterLink(Server(cluster.url), 10.0)
    await link.open()
    manager = link._client.nodes_manager
    nodes = [*manager.nodes_cache.values(), *manager.startup_nodes.values()]
    assert any(_open(nodes))
    closing = asyncio.create_task(link.close())
    for _ in range(turns):
        await asyncio.sleep(0)
    closing.cancel()
    await asyncio.wait([closing])
    assert not any(_open(nodes))


def _open(nodes: list[Any]) -> list[bool]:
    return [one.is_connected for node in nodes for one in node._connections]


async def test_members_of_a_process_that_died_are_gone(processes: Processes) -> None:
    here, there = processes
    await listener(here, "presence-lounge.1", "ann")
    ear = await listener(there, "presence-lounge.1", "bob")
    assert {one.id for one in await there.hub.members("presence-lounge.1")} == {"ann", "bob"}
    await crash(here)
    await until(lambda: _left(ear) == ["ann"], 20)


def _left(ear: Any) -> list[str]:
    return [one["data"]["id"] for one in ear.all_heard("event") if one["event"] == "member.removed"]


async def test_a_server_that_dies_and_comes_back_leaves_no_silent_gap(
    processes: Processes, cluster: Cluster
) -> None:
    here, there = processes
    ears = {board: await listener(there, board) for board in BOARDS}
    for board in BOARDS:
        await here.hub.publish(board, "said", 0)
    for ear in ears.values():
        await until(lambda ear=ear: events(ear) == [0])
    cluster.nodes[1].kill()
    lost: list[str] = []
    for board in BOARDS:
        try:
            await here.hub.publish(board, "said", 1)
        except ProviderUnavailableError:
            lost.append(board)
    cluster.nodes[1].start()
    await asyncio.to_thread(cluster.wait)
    for one in processes:
        await _up(one)
    for board in BOARDS:
        await here.hub.publish(board, "said", 2)
    for board, ear in ears.items():
        await until(lambda ear=ear: events(ear)[-1:] == [2], 20)
        heard = events(ear)
        assert heard == [0, 1, 2] or ear.all_heard("resync"), board


async def _up(engine: Engine) -> None:
    provider = provider_of(engine)
    await until(lambda: provider._outbox.is_up and provider._subscriber.is_up, 30)
