"""A client of realtime in the worker."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from velocious_browser.actions import action

if TYPE_CHECKING:
    from velocious.realtime.client import EventsClient, RealtimeClient

clients: list[RealtimeClient] = []
heard: list[Any] = []
streams: list[EventsClient] = []
streamed: list[Any] = []


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


@action("talk.state")
async def state() -> str:
    return clients[-1].state


@action("talk.stream")
async def stream(url: str) -> list[Any]:
    """Listen to ``board:2`` over a stream of events; what stands in it from now on."""
    from velocious.realtime.client import EventsClient
    from velocious_browser.realtime import EventConnector

    client = EventsClient(url, EventConnector(), chance=lambda: 0.1)
    streams.append(client)
    await client.connect()
    board = await client.channel("board:2").subscribe()
    board.on("n", lambda one: streamed.append(one.data))
    return [client.state, client.cid[:4]]


@action("talk.streamed")
async def what_was_streamed() -> list[Any]:
    return streamed


@action("talk.ended")
async def ended() -> str:
    await streams[-1].close()
    return streams[-1].state


@action("talk.refused")
async def refused(url: str) -> str:
    """Why a stream at *url* cannot be had."""
    from velocious.errors import NotConnectedError
    from velocious.realtime.client import EventsClient
    from velocious_browser.realtime import EventConnector

    try:
        await EventsClient(url, EventConnector()).connect()
    except NotConnectedError as error:
        return str(error)
    return "it was had"


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
