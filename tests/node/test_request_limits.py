"""Clients that send too much, too slowly, or nothing; and those that are too many."""

from __future__ import annotations

import asyncio
import time
from statistics import median
from typing import TYPE_CHECKING

import pytest

from tests.node.http_server import PARSERS, echo, serving
from velocious_node.http.capacity import Capacity

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\n"

parsers = pytest.mark.parametrize("parser", PARSERS)


@parsers
async def test_a_head_that_is_too_long_is_431_however_it_comes(parser: str) -> None:
    long = GET + b"X-Long: " + b"a" * 70_000 + b"\r\n\r\n"
    async with serving(echo, parser) as running:
        at_once = await running.ask(long)
        in_pieces = await running.ask(*(long[at : at + 16_000] for at in range(0, 70_000, 16_000)))
        many = await running.ask(GET + b"".join(b"X-%d: y\r\n" % n for n in range(120)) + b"\r\n")
        address = await running.ask(b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n")
        fine = await running.ask(GET + b"X-Long: " + b"a" * 60_000 + b"\r\n\r\n")
    for answer in (at_once, in_pieces, many, address):
        assert answer.startswith(b"HTTP/1.1 431 "), answer[:80]
    assert fine.endswith(b"<GET / >")


@parsers
async def test_a_head_that_trickles_in_is_given_up_and_so_is_a_silent_client(parser: str) -> None:
    async with serving(echo, parser, head_seconds=0.4) as running:
        slow = asyncio.create_task(running.ask(*(bytes([one]) for one in GET[:20]), pause=0.04))
        blank = asyncio.create_task(running.ask(*[b"\r\n"] * 20, pause=0.04))
        silent = await running.connect()
        assert await silent.rest(2) == b""
        assert silent.is_closed
        assert (await slow).startswith(b"HTTP/1.1 408 ")
        assert (await blank)[:12] in (b"HTTP/1.1 408", b"HTTP/1.1 400")


@parsers
async def test_a_body_that_stops_coming_is_408_and_its_action_learns_of_it(parser: str) -> None:
    gone = asyncio.Event()

    async def reading(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        gone.set()

    async with serving(reading, parser, body_seconds=0.2) as running:
        answer = await running.ask(POST + b"Content-Length: 5\r\n\r\nhel", pause=0.6)
        await asyncio.wait_for(gone.wait(), 2)
    assert answer.startswith(b"HTTP/1.1 408 ")


@parsers
async def test_a_body_may_wait_for_an_action_that_is_slow_itself(parser: str) -> None:
    async def thinking(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.5)
        await echo(scope, receive, send)

    async with serving(thinking, parser, body_seconds=0.2) as running:
        head = POST + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n"
        client = await running.connect()
        client.write(head)
        # That is said when the action asks for the body.
        assert b"100 Continue" in await client.reader.readuntil(b"\r\n\r\n")
        client.write(b"hello")
        assert (await client.response()).endswith(b"<POST / hello>")


@parsers
async def test_a_kept_connection_that_asks_for_nothing_more_is_closed(parser: str) -> None:
    async with serving(echo, parser, idle_seconds=0.2) as running:
        client = await running.connect()
        client.write(GET + b"\r\n")
        assert (await client.response()).endswith(b"<GET / >")
        assert (await client.rest(2), client.is_closed) == (b"", True)


@parsers
async def test_a_client_that_takes_nothing_of_its_answer_is_given_up(parser: str) -> None:
    ended = asyncio.Event()

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        try:
            for _ in range(2000):
                message = {"type": "http.response.body", "body": b"x" * 65536, "more_body": True}
                await send(message)
        finally:
            ended.set()

    async with serving(endless, parser, write_seconds=0.3) as running:
        client = await running.connect()
        client.write(GET + b"\r\n")
        await asyncio.wait_for(ended.wait(), 5)
        client.close()


async def test_a_body_wrapped_in_endless_trailers_is_refused() -> None:
    async with serving(echo, "httptools") as running:
        start = POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"
        trailers = b"".join(b"X-%d: %s\r\n" % (number, b"y" * 900) for number in range(200))
        pieces = [trailers[at : at + 30_000] for at in range(0, len(trailers), 30_000)]
        answer = await running.ask(start, *pieces, pause=0.02)
    assert answer.startswith(b"HTTP/1.1 400 ")


@parsers
async def test_connections_beyond_the_limit_are_told_to_come_back(parser: str) -> None:
    async with serving(echo, parser, max_connections=2) as running:
        first, second = await running.connect(), await running.connect()
        await asyncio.sleep(0.05)
        refused = await running.ask()
        assert refused.startswith(b"HTTP/1.1 503 ")
        assert b"Retry-After: 1\r\n" in refused
        first.close()
        await asyncio.sleep(0.05)
        assert (await running.ask(GET + b"\r\n")).endswith(b"<GET / >")
        second.close()


async def test_requests_beyond_the_limit_are_503_but_not_those_of_a_load_balancer() -> None:
    async with serving(Capacity(echo, 1, {"/up"})) as running:
        busy = asyncio.create_task(running.ask(GET.replace(b"/ ", b"/wait/0.4 ", 1) + b"\r\n"))
        await asyncio.sleep(0.1)
        refused = await running.ask(GET + b"\r\n")
        up = await running.ask(GET.replace(b"/ ", b"/up ", 1) + b"\r\n")
        assert (await busy).endswith(b"<GET /wait/0.4 >")
        after = await running.ask(GET + b"\r\n")
    assert refused.startswith(b"HTTP/1.1 503 ")
    assert (up[-9:], after[-8:]) == (b"GET /up >", b"<GET / >")


@parsers
async def test_answers_on_a_kept_connection_wait_for_no_acknowledgement(parser: str) -> None:
    # Two writes without TCP_NODELAY made each answer of the original wait for 40 ms.
    times: list[float] = []
    async with serving(echo, parser) as running:
        client = await running.connect()
        for _ in range(60):
            began = time.perf_counter()
            client.write(POST + b"Content-Length: 5\r\n\r\n")
            client.write(b"hello")
            await client.response()
            times.append(time.perf_counter() - began)
        client.close()
    assert median(times) < 0.02
