"""Requests of a server to other servers, over real sockets."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from velocious.errors import BackendUnreachableError
from velocious.http_client import HttpRequest
from velocious_node.http.client import NodeHttpClient

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


class Server:
    """Answers each request with the next of *answers*; the last one again and again.

    Attributes:
        heard: what came, as it came.
        connections: how many were opened.
    """

    def __init__(self, *answers: bytes) -> None:
        self.answers = [*answers]
        self.heard: list[bytes] = []
        self.connections = 0
        self.asked = asyncio.Event()
        self.gone = asyncio.Event()
        self.url = ""
        self._writer: asyncio.StreamWriter | None = None

    def end(self) -> None:
        """End the newest connection from this side."""
        assert self._writer is not None
        self._writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writer = writer
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                told = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
                length = int(told or b"0")
                self.heard.append(head + await reader.readexactly(length))
                self.asked.set()
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                writer.write(answer)
                if not answer:
                    await reader.read()
                    self.gone.set()
                    return
                if b"connection: close" in answer:
                    return
        except asyncio.IncompleteReadError:
            return
        finally:
            writer.close()


@asynccontextmanager
async def server(*answers: bytes) -> AsyncGenerator[tuple[Server, NodeHttpClient]]:
    made, client = Server(*answers), NodeHttpClient()
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield made, client
    finally:
        await client.close()
        listening.close()


OK = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nhi"
COOKIE = OK.replace(b"content-type", b"set-cookie: session=5; path=/\r\ncontent-type")
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
CLOSED = b"HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\nwho knows how much"


async def test_a_request_arrives_and_its_answer_comes_back() -> None:
    async with server(OK) as (one, client):
        request = HttpRequest("POST", f"{one.url}/a?b=c", {"X-Name": "it"}, b"body")
        answer = await client.send(request)
        assert (answer.status, answer.body) == (200, b"hi")
        assert answer.headers["content-type"] == "text/plain"
        head, _, body = one.heard[0].partition(b"\r\n\r\n")
        assert head.startswith(b"POST /a?b=c HTTP/1.1\r\n")
        assert b"x-name: it" in head.lower()
        assert b"host: 127.0.0.1:" in head.lower()
        assert body == b"body"


async def test_a_connection_is_used_again() -> None:
    async with server(OK) as (one, client):
        for _ in range(3):
            await client.send(HttpRequest("GET", one.url))
        assert one.connections == 1


async def test_an_answer_in_pieces_is_put_together() -> None:
    async with server(CHUNKED) as (one, client):
        assert (await client.send(HttpRequest("GET", one.url))).body == b"hello"


async def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    async with server(CLOSED, OK) as (one, client):
        answer = await client.send(HttpRequest("GET", one.url))
        assert (answer.status, answer.body) == (404, b"who knows how much")
        assert (await client.send(HttpRequest("GET", one.url))).body == b"hi"
        assert one.connections == 2


async def test_a_connection_that_was_closed_meanwhile_is_not_used() -> None:
    async with server(OK) as (one, client):
        await client.send(HttpRequest("GET", one.url))
        one.end()
        await asyncio.sleep(0)
        assert (await client.send(HttpRequest("GET", one.url))).status == 200
        assert one.connections == 2


async def test_what_an_answer_sets_goes_with_no_other_request() -> None:
    async with server(COOKIE) as (one, client):
        for _ in range(2):
            await client.send(HttpRequest("GET", one.url))
        assert b"cookie" not in one.heard[1].lower()


async def test_nobody_there_is_known_not_to_have_heard() -> None:
    async with server(OK) as (one, client):
        url = one.url
    with pytest.raises(BackendUnreachableError) as caught:
        await client.send(HttpRequest("GET", url))
    assert not caught.value.sent


async def test_an_end_without_an_answer_may_have_been_heard() -> None:
    async with server(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 9\r\n\r\nhi") as (
        one,
        client,
    ):
        with pytest.raises(BackendUnreachableError) as caught:
            await client.send(HttpRequest("GET", one.url))
        assert caught.value.sent


async def test_what_is_no_http_is_no_answer() -> None:
    async with server(b"SSH-2.0-OpenSSH_9.9\r\n\r\n") as (one, client):
        with pytest.raises(BackendUnreachableError):
            await client.send(HttpRequest("GET", one.url, timeout=1))


async def test_who_says_nothing_in_time_is_left() -> None:
    async with server(b"") as (one, client):
        with pytest.raises(BackendUnreachableError, match=r"0\.5 seconds"):
            await client.send(HttpRequest("GET", one.url, timeout=0.5))
        await asyncio.wait_for(one.gone.wait(), 5)


async def test_a_cancelled_request_takes_its_connection_along() -> None:
    async with server(b"") as (one, client):
        task: asyncio.Task[Any] = asyncio.create_task(client.send(HttpRequest("GET", one.url)))
        await asyncio.wait_for(one.asked.wait(), 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(one.gone.wait(), 5)


async def test_a_path_alone_is_no_address_for_a_server() -> None:
    with pytest.raises(BackendUnreachableError, match="whole address"):
        await NodeHttpClient().send(HttpRequest("GET", "/frontend-models"))
