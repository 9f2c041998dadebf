"""A client of realtime in the worker."""

from __future__ import annotations

import asyncio
from typing import Any

from velocious.realtime.client import RealtimeClient
from velocious_browser.actions import action
from velocious_browser.realtime import WebsocketConnector

clients: list[RealtimeClient] = []
heard: list[Any] = []


@action("talk.connect")
async def connect(url: str) -> str:
    client = RealtimeClient(url, WebsocketConnector(), chance=lambda: 0.1)
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
    client = RealtimeClient(url, WebsocketConnector())
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
