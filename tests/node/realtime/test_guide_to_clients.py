"""What the guide to clients says is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.node.guides import python_blocks, run
from tests.project._repository import REPOSITORY
from tests.suites.rooms import engine
from velocious.realtime import MessageRegistry
from velocious.realtime.client import ClientState
from velocious.testing.realtime import MemoryConnector, settle

if TYPE_CHECKING:
    from velocious.realtime import Context

GUIDE = "docs/realtime-clients.md"
CONNECTING, LISTENING = python_blocks(GUIDE)


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


def test_the_guide_names_every_state() -> None:
    text = (REPOSITORY / GUIDE).read_text(encoding="utf-8")
    assert [state for state in ClientState if f'`"{state}"`' not in text] == []
