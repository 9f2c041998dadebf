"""What the guide to clients says is run."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tests.node.guides import python_blocks, run
from tests.project._repository import REPOSITORY
from tests.suites.rooms import engine
from tests.suites.test_realtime_events import application
from tests.suites.waiting import until
from velocious.realtime import MessageRegistry
from velocious.realtime.client import ClientState
from velocious.testing.client import Client
from velocious.testing.events import ClientEvents
from velocious.testing.realtime import MemoryConnector, settle

if TYPE_CHECKING:
    from velocious.realtime import Context
    from velocious.testing.environment import TestEnvironment

GUIDE = "docs/realtime-clients.md"
CONNECTING, LISTENING, STREAMING = python_blocks(GUIDE)


async def test_the_clients_of_the_guide_talk_and_listen() -> None:
    messages = MessageRegistry()

    @messages.on("task.move")
    async def move(context: Context) -> Any:
        return {"moved": context.data["id"]}

    realtime, time = engine(authenticate=None, messages=messages)
    connector = MemoryConnector(realtime)
    names = run(CONNECTING)
    assert await names["move"]("ws://server/", connector, 7) == {"moved": 7}

    shown: list[Any] = []
    read: list[None] = []
    client = names["RealtimeClient"]("ws://server/", connector, schedule=time)
    await client.connect()
    follow = run(LISTENING)["follow"]
    board = await follow(client, shown.append, lambda: read.append(None))
    await realtime.hub.publish("board:1", "task.moved", {"id": 7})
    await settle()
    assert (shown, read, board.name) == ([{"id": 7}], [], "board:1")
    await client.close()


async def test_the_client_of_the_guide_listens_without_websockets(
    sqlite_environment: TestEnvironment,
) -> None:
    listen = run(STREAMING)["listen"]
    shown: list[Any] = []
    async with application(sqlite_environment) as configuration:
        connector = ClientEvents(Client(configuration))
        going = asyncio.create_task(
            listen("/realtime/events", connector, shown.append, lambda: None)
        )
        channels = configuration.channels
        await until(lambda: channels.local_count("board:1"))
        await until(lambda: connector.answers)
        await settle()
        await channels.publish("board:1", "task.moved", {"id": 7})
        await until(lambda: shown == [{"id": 7}])
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)


def test_the_guide_names_every_state() -> None:
    text = (REPOSITORY / GUIDE).read_text(encoding="utf-8")
    assert [state for state in ClientState if f'`"{state}"`' not in text] == []
