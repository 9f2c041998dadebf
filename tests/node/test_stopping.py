"""What becomes of requests, streams and websockets when the server is told to stop."""

from __future__ import annotations

import asyncio
import re
import socket
from typing import TYPE_CHECKING

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Request, TextMessage

from tests.node.http_server import PARSERS, echo, serving
from velocious.routing.probes import STOPPING

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send
    from wsproto.events import Event

    from tests.node.http_server import Client, Serving

GET = b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n"

parsers = pytest.mark.parametrize("parser", PARSERS)


@parsers
async def test_running_and_waiting_requests_are_finished_and_new_ones_refused(parser: str) -> None:
    async with serving(echo, parser) as running:
        slow, kept, fresh = [await running.connect() for _ in range(3)]
        slow.write(GET % b"/wait/0.6" + GET % b"/2")
        kept.write(GET % b"/1")
        await kept.response()
        stopped = asyncio.create_task(running.stopped())
        await asyncio.sleep(0.25)
        # They were connected before: what they ask now is answered, for the last time.
        kept.write(GET % b"/2")
        fresh.write(GET % b"/1")
        for client in (kept, fresh):
            answer = await client.rest()
            assert b"connection: close\r\n" in answer.lower()
            assert answer.count(b"<GET /") == 1
        with pytest.raises(OSError, match=r"refused|failed"):
            await running.connect()
        assert re.findall(rb"<GET (\S+) >", await slow.rest()) == [b"/wait/0.6", b"/2"]
        await stopped
        assert running.server.cut == 0


@parsers
async def test_a_connection_that_waits_in_the_kernel_is_still_answered(parser: str) -> None:
    async with serving(echo, parser) as running:
        with socket.socket() as client:
            client.connect(("127.0.0.1", running.port))
            client.sendall(GET % b"/1")
            # Nothing has run in between: the server has not seen it yet.
            await running.stopped()
            client.settimeout(5)
            assert client.recv(4096).endswith(b"<GET /1 >")


@parsers
async def test_a_request_of_which_a_part_has_come_is_waited_for(parser: str) -> None:
    async with serving(echo, parser) as running:
        client = await running.connect()
        client.write(b"GET /1 HTTP/1.1\r\nHo")
        await asyncio.sleep(0.1)
        stopped = asyncio.create_task(running.stopped())
        await asyncio.sleep(0.8)
        client.write(b"st: a\r\n\r\n")
        assert (await client.rest()).endswith(b"<GET /1 >")
        await stopped


@parsers
async def test_a_load_balancer_gets_time_to_notice(parser: str) -> None:
    async def ready(scope: Scope, receive: Receive, send: Send) -> None:
        status = 503 if scope["state"].get(STOPPING) else 200
        headers = [(b"content-length", b"0")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body"})

    async with serving(ready, parser, drain_seconds=0.5) as running:
        before = await running.ask(GET % b"/ready")
        stopped = asyncio.create_task(running.stopped())
        await asyncio.sleep(0.2)
        # It is still there for those who have not noticed, but says that it goes.
        during = await running.ask(GET % b"/ready")
        await stopped
    assert before.startswith(b"HTTP/1.1 200 ")
    assert during.startswith(b"HTTP/1.1 503 ")
    assert b"connection: close\r\n" in during.lower()


@parsers
async def test_what_does_not_end_within_the_grace_is_cut(parser: str) -> None:
    cancelled = asyncio.Event()

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                await asyncio.sleep(60)
            finally:
                cancelled.set()

    async with serving(endless, parser, grace_seconds=0.2) as running:
        client = await running.connect()
        client.write(GET % b"/")
        await asyncio.sleep(0.1)
        await running.stopped()
        client.close()
    assert (running.server.cut, cancelled.is_set()) == (1, True)


async def test_told_twice_it_stops_at_once() -> None:
    async with serving(echo, grace_seconds=60) as running:
        client = await running.connect()
        client.write(GET % b"/wait/50")
        await asyncio.sleep(0.1)
        stopped = asyncio.create_task(running.stopped())
        await asyncio.sleep(0.2)
        running.server.stop()
        await asyncio.wait_for(stopped, 2)
        client.close()
    assert running.server.cut == 1


@parsers
async def test_a_stream_of_events_ends_whole(parser: str) -> None:
    async def events(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass

    async with serving(events, parser, grace_seconds=5) as running:
        client = await running.connect()
        client.write(b"GET / HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n")
        await asyncio.sleep(0.1)
        await running.stopped()
        assert (await client.rest()).endswith(b"data: 1\n\n\r\n0\r\n\r\n")
    assert running.server.cut == 0


@parsers
async def test_websockets_are_closed_with_1001_after_the_requests(parser: str) -> None:
    told: list[int] = []

    async def chatting(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await echo(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            while (message := await receive())["type"] != "websocket.disconnect":
                if message["type"] == "websocket.receive":
                    await send({"type": "websocket.send", "text": message["text"]})
            told.append(message["code"])

    async with serving(chatting, parser) as running:
        chat = await Chat.open(running)
        slow = await running.connect()
        slow.write(GET % b"/wait/1.2")
        await asyncio.sleep(0.05)
        stopped = asyncio.create_task(running.stopped())
        await asyncio.sleep(0.15)
        # While requests run, messages are still exchanged: this one runs long enough for that.
        assert await chat.exchanged("hello") == "hello"
        assert await chat.close_code() == 1001
        assert (await slow.rest()).endswith(b"<GET /wait/1.2 >")
        await stopped
    assert (told, running.server.cut) == ([1001], 0)


class Chat:
    """A websocket of a client."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._connection = WSConnection(ConnectionType.CLIENT)

    @classmethod
    async def open(cls, running: Serving) -> Chat:
        chat = cls(await running.connect())
        chat._send(Request(host="a", target="/"))
        assert isinstance(await chat._event(), AcceptConnection)
        return chat

    async def exchanged(self, text: str) -> str:
        self._send(TextMessage(data=text))
        event = await self._event()
        assert isinstance(event, TextMessage)
        return event.data

    async def close_code(self) -> int:
        event = await self._event()
        assert isinstance(event, CloseConnection)
        self._send(event.response())
        return event.code

    def _send(self, event: Event) -> None:
        self._client.write(self._connection.send(event))

    async def _event(self) -> object:
        while (event := next(self._connection.events(), None)) is None:
            data = await asyncio.wait_for(self._client.reader.read(65536), 10)
            self._connection.receive_data(data or None)
        return event
