"""Server-sent events and streams: piece by piece, and over when the client is gone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from velocious.controller import Controller, Event
from velocious.controller.sending.event_stream import encoded_events
from velocious.errors import RenderError
from velocious.routing import Routes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.testing.environment import TestEnvironment


@pytest.mark.parametrize(
    ("event", "sent"),
    [
        (Event("hello"), "data: hello\n\n"),
        (Event("two\nlines\r\nand\rmore"), "data: two\ndata: lines\ndata: and\ndata: more\n\n"),
        (Event({"a": [1, "é"]}), 'data: {"a":[1,"é"]}\n\n'),
        (Event(""), "data: \n\n"),
        (
            Event("x", event="moved", id="7", retry=3000),
            "event: moved\nid: 7\nretry: 3000\ndata: x\n\n",
        ),
    ],
)
def test_an_event_is_lines_and_an_empty_one(event: Event, sent: str) -> None:
    assert event.encode().decode() == sent


@pytest.mark.parametrize("broken", ["a\nb", "a\rb", "a\0b", "7\n\ndata: forged"])
def test_no_field_of_an_event_ends_its_line(broken: str) -> None:
    for event in (Event("x", id=broken), Event("x", event=broken)):
        with pytest.raises(RenderError, match="line breaks"):
            event.encode()


class TickController(Controller):
    closed = asyncio.Event()

    async def few(self) -> None:
        async def events() -> AsyncGenerator[Event | str]:
            yield "one"
            yield Event({"two": 2}, id=f"after {self.last_event_id}")

        self.event_stream(events())

    async def endless(self) -> None:
        async def events() -> AsyncGenerator[str]:
            try:
                yield "first"
                await asyncio.Event().wait()
            finally:
                TickController.closed.set()

        self.event_stream(events(), heartbeat=0.01)

    async def fails(self) -> None:
        async def events() -> AsyncGenerator[str]:
            yield "first"
            raise ArithmeticError("no second")

        self.event_stream(events())


class Conversation:
    """ASGI by hand: a client that hangs up when it is told to."""

    def __init__(self, path: str, **headers: str) -> None:
        self.scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [
                (b"host", b"app.test"),
                *((n.replace("_", "-").encode(), v.encode()) for n, v in headers.items()),
            ],
            "server": ("app.test", 80),
        }
        self.heard: list[dict[str, Any]] = []
        self.gone = asyncio.Event()
        self._news = asyncio.Event()
        self._asked = False

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.heard)

    async def until(self, text: bytes) -> None:
        async with asyncio.timeout(10):
            while text not in self.body:
                self._news.clear()
                await self._news.wait()

    async def receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.heard.append(message)
        self._news.set()


def routes() -> Routes:
    drawn = Routes()
    for name in ("few", "endless", "fails"):
        drawn.get(f"/{name}", to=(TickController, name))
    return drawn


async def test_events_are_sent_as_they_come_and_nothing_keeps_them(
    environment: TestEnvironment,
) -> None:
    async with environment.application(routes=routes()) as configuration:
        talk = Conversation("/few", last_event_id="6")
        await configuration.asgi()(talk.scope, talk.receive, talk.send)
    headers = dict(talk.heard[0]["headers"])
    assert headers[b"content-type"] == b"text/event-stream; charset=utf-8"
    assert headers[b"cache-control"] == b"no-store"
    assert headers[b"x-accel-buffering"] == b"no"
    assert b"content-length" not in headers
    assert [message["body"] for message in talk.heard[1:]] == [
        b": connected\n\n",
        b"data: one\n\n",
        b'id: after 6\ndata: {"two":2}\n\n',
        b"",
    ]


async def test_a_client_that_leaves_ends_the_generator_at_once(
    environment: TestEnvironment,
) -> None:
    TickController.closed = asyncio.Event()
    async with environment.application(routes=routes()) as configuration:
        talk = Conversation("/endless")
        app = configuration.asgi()
        running = asyncio.create_task(app(talk.scope, talk.receive, talk.send))  # type: ignore[arg-type]
        await talk.until(b"data: first\n\n:\n\n:\n\n")
        talk.gone.set()
        async with asyncio.timeout(10):
            await running
            await TickController.closed.wait()


async def test_a_server_that_stops_ends_the_generator_too(environment: TestEnvironment) -> None:
    TickController.closed = asyncio.Event()
    async with environment.application(routes=routes()) as configuration:
        talk = Conversation("/endless")
        app = configuration.asgi()
        running = asyncio.create_task(app(talk.scope, talk.receive, talk.send))  # type: ignore[arg-type]
        await talk.until(b"first")
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert TickController.closed.is_set()


async def test_a_stream_that_fails_is_not_ended_as_if_it_were_whole(
    environment: TestEnvironment,
) -> None:
    async with environment.application(routes=routes()) as configuration:
        talk = Conversation("/fails")
        with pytest.raises(ArithmeticError, match="no second"):
            await configuration.asgi()(talk.scope, talk.receive, talk.send)
    assert talk.heard[-1]["more_body"] is True


async def test_silence_is_not_filled_where_nobody_wants_that() -> None:
    async def events() -> AsyncGenerator[str]:
        yield "a"
        await asyncio.sleep(0.05)
        yield "b"

    sent = [piece async for piece in encoded_events(events(), None)]
    assert sent == [b": connected\n\n", b"data: a\n\n", b"data: b\n\n"]
