"""A client of realtime in the worker."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from velocious_browser.actions import action

if TYPE_CHECKING:
    from velocious.realtime.client import RealtimeClient

clients: list[RealtimeClient] = []
heard: list[Any] = []


def made(url: str) -> RealtimeClient:
    # Imported here: the start of the other tests' pages needs none of it.
    from velocious.realtime.client import RealtimeClient
    from velocious_browser.realtime import WebsocketConnector

    return RealtimeClient(url, WebsocketConnector(), chance=lambda: 0.1)


@action("talk.connect")
async def connect(url: str) -> str:
    client = made(url)
    clients.append(client)
    await client.connect()
    board = await client.channel("board:1").subscribe()
    board.on("n", lambda one: heard.append(one.data))
    return client.state


@action("talk.ask")
async def ask(data: Any) -> Any:
    return await clients[-1].call("echo", data)


@action("talk.heard")
async def what_was_heard() -> list[Any]:
    return heard


@action("talk.again")
async def again(times: int) -> str:
    """Close and connect, again and again."""
    for _ in range(times):
        await clients[-1].close()
        await clients[-1].connect()
    return clients[-1].state


@action("talk.alone")
async def alone(url: str) -> list[str]:
    """Begin to connect where nobody is; what became of it."""
    client = made(url)
    states: list[str] = []
    waiting = asyncio.Event()

    def note(state: str) -> None:
        states.append(state)
        if state == "waiting":
            waiting.set()

    client.on_state(note)
    client.start()
    await waiting.wait()
    reason = client.reason
    await client.close()
    return [*states, reason]
