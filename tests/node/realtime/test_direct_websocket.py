"""The server's websocket: what applications and clients may rely on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

import pytest
from websockets.exceptions import ConnectionClosed

from tests.node.http_server import PARSERS
from tests.node.realtime.sockets import Host, connected, echoing
from velocious.realtime.ready_frame import binary_frame, text_frame

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from velocious.realtime.wire_port import FrameWriter
    from velocious_node.realtime.direct_websocket import DirectWebsocket

parsers = pytest.mark.parametrize("parser", PARSERS)
HANGING = 5.0


@parsers
@pytest.mark.parametrize("length", [0, 1, 125, 126, 60_000])
async def test_texts_and_bytes_of_every_length_come_back(parser: str, length: int) -> None:
    async with connected(echoing, parser) as (client, _):
        for message in ("x" * length, b"\x00" * length):
            await client.send(message)
            assert await heard(client) == message


async def test_a_message_in_pieces_with_pings_between_comes_back_whole() -> None:
    async def pieces() -> AsyncGenerator[str]:
        for piece in ("a", "", "ü", "b"):
            yield piece
            await client.ping()

    async with connected(echoing) as (client, _):
        await client.send(pieces())
        assert await heard(client) == "aüb"


@parsers
async def test_a_socket_stays_open_past_the_patience_for_requests(parser: str) -> None:
    # Its own request has to be there within that time, too.
    async with connected(echoing, parser, head_seconds=1) as (client, _):
        await client.send("before")
        await asyncio.sleep(1.5)
        await client.send("after")
        assert [await heard(client), await heard(client)] == ["before", "after"]


async def test_a_longer_message_than_allowed_closes_with_1009() -> None:
    async with connected(echoing, socket_message_bytes=1000) as (client, _):
        await client.send("x" * 1000)
        assert await heard(client) == "x" * 1000
        await client.send("x" * 1001)
        assert await close_code(client) == 1009


@pytest.mark.parametrize("limit", [3, 125, 126])
async def test_the_limit_may_be_as_short_as_a_short_message(limit: int) -> None:
    async with connected(echoing, socket_message_bytes=limit) as (client, _):
        await client.send("x" * limit)
        assert await heard(client) == "x" * limit
        await client.send("x" * (limit + 1))
        assert await close_code(client) == 1009


async def test_a_short_message_inside_of_another_one_closes_with_1002() -> None:
    async with connected(echoing) as (client, _):
        begun, whole = b"\x01\x81\0\0\0\0a", b"\x81\x81\0\0\0\0b"
        client.transport.write(begun)
        await asyncio.sleep(0.05)
        client.transport.write(whole)
        assert await close_code(client) == 1002


async def test_a_short_message_that_comes_byte_by_byte_comes_back() -> None:
    async with connected(echoing) as (client, _):
        for byte in b"\x81\x82\1\2\3\4" + bytes([ord("h") ^ 1, ord("i") ^ 2]):
            client.transport.write(bytes([byte]))
            await asyncio.sleep(0.005)
        assert await heard(client) == "hi"


async def test_a_message_of_many_pieces_that_grows_too_long_closes_with_1009() -> None:
    async with connected(echoing, socket_message_bytes=1000) as (client, _):
        await client.send(iter(["x" * 600, "x" * 600]))
        assert await close_code(client) == 1009


async def test_a_large_message_is_taken_where_the_settings_allow_it() -> None:
    size = 3_000_000
    async with connected(echoing, client={"max_size": size}, socket_message_bytes=size) as (
        client,
        _,
    ):
        await client.send(b"y" * size)
        assert await heard(client) == b"y" * size


async def test_messages_are_read_only_as_fast_as_the_application_takes_them() -> None:
    taking = asyncio.Event()
    count = 0

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        nonlocal count
        await receive()
        await send({"type": "websocket.accept"})
        await taking.wait()
        while (await receive())["type"] == "websocket.receive":
            count += 1

    async with connected(slow, socket_message_bytes=10_000) as (client, running):
        with pytest.raises(TimeoutError):
            # Far more than the buffers between the two can hold.
            await asyncio.wait_for(send_all(client, 5000, "x" * 9000), 1)
        (socket,) = cast("set[DirectWebsocket]", running.server.server_state.connections)
        assert len(socket.queue.messages) < 40
        taking.set()
        await client.close()
    assert count > 100


# Writing


async def test_ready_frames_and_sends_arrive_in_the_order_of_the_calls() -> None:
    host = Host()
    async with connected(host) as (client, _):
        await client.send("there?")
        await until(lambda: bool(host.received))
        for number in range(50):
            assert host.writer.write(text_frame(b"f%d" % number))
            await host.text(f"s{number}")
        assert host.writer.write(binary_frame(b"end"))
        wanted = [word for number in range(50) for word in (f"f{number}", f"s{number}")]
        assert [await heard(client) for _ in range(101)] == [*wanted, b"end"]


async def test_a_send_that_waits_for_the_client_is_not_overtaken() -> None:
    host = Host()
    drained: list[bool] = []
    async with connected(host, client={"max_queue": 1}) as (client, _):
        await client.send("there?")
        await until(lambda: bool(host.received))
        taken = await fill(host.writer)
        host.writer.on_drained = lambda: drained.append(host.writer.write(text_frame(b"last")))
        sends = [asyncio.create_task(host.text(f"s{number}")) for number in range(3)]
        await asyncio.sleep(0.05)
        assert not any(task.done() for task in sends)
        assert not host.writer.write(text_frame(b"too early"))
        assert host.writer.buffered > 64 * 1024
        rest: list[Any] = []
        while not rest or rest[-1] != "last":
            rest.append(await heard(client))
        assert len(rest) == taken + 4
        assert rest[taken:] == ["s0", "s1", "s2", "last"]
        assert drained == [True]
        assert host.writer.buffered == 0


async def test_the_marks_say_when_no_frame_is_taken() -> None:
    host = Host()
    async with connected(host, client={"max_queue": 1}) as (client, _):
        await client.send("there?")
        await until(lambda: bool(host.received))
        host.writer.set_marks(1_000_000, 0)
        await fill(host.writer)
        assert 1_000_000 < host.writer.buffered <= 1_100_000


@pytest.mark.parametrize("ended_by", ["client", "application", "abort"])
async def test_a_connection_that_ends_takes_frames_and_forgets_them(ended_by: str) -> None:
    host = Host()
    async with connected(host) as (client, _):
        await client.send("there?")
        await until(lambda: bool(host.received))
        if ended_by == "client":
            await client.close()
            await until(lambda: len(host.received) == 2)
        elif ended_by == "application":
            await host.send({"type": "websocket.close", "code": 1000})
        else:
            host.writer.abort(4001)
        assert host.writer.write(text_frame(b"late"))
        if ended_by == "abort":
            assert await close_code(client) == 4001
        await until(lambda: len(host.received) == 2)
        assert host.writer.write(text_frame(b"late"))
        assert host.writer.buffered == 0


async def test_a_client_that_does_not_read_is_ended_at_once_by_abort() -> None:
    host = Host()
    async with connected(host, client={"max_queue": 1}) as (client, running):
        await client.send("there?")
        await until(lambda: bool(host.received))
        await fill(host.writer)
        waiting = asyncio.create_task(host.text("never"))
        await asyncio.sleep(0)
        host.writer.abort(4408)
        await until(lambda: not running.server.server_state.connections)
        assert host.received[-1] == {"type": "websocket.disconnect", "code": 4408, "reason": ""}
        with pytest.raises(OSError):
            await waiting


async def test_frames_that_were_written_before_the_application_ends_arrive() -> None:
    async def brief(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        for word in (b"a", b"b"):
            assert scope["extensions"]["velocious.websocket"].write(text_frame(word))

    async with connected(brief) as (client, _):
        assert [await heard(client), await heard(client)] == ["a", "b"]
        assert await close_code(client) == 1000


async def test_what_is_written_in_one_turn_of_the_loop_is_one_write() -> None:
    host = Host()
    async with connected(host) as (client, running):
        await client.send("there?")
        await until(lambda: bool(host.received))
        (socket,) = cast("set[DirectWebsocket]", running.server.server_state.connections)
        writes: list[bytes] = []
        writer = socket.writer
        writer._write = writes.append
        for word in (b"a", b"b", b"c"):
            assert writer.write(text_frame(word))
        assert host.writer.buffered == 9
        await asyncio.sleep(0)
        assert writes == [b"".join(map(text_frame, (b"a", b"b", b"c")))]


async def test_messages_go_straight_to_who_asked_for_them_unless_one_waits() -> None:
    host = Host()
    taken: list[Any] = []
    takes = True

    def take(message: str | bytes) -> bool:
        if takes:
            taken.append(message)
            assert host.writer.write(text_frame(b"taken"))
        return takes

    async with connected(host) as (client, _):
        await client.send("there?")
        await until(lambda: bool(host.received))
        host.writer.on_message = take
        await client.send("direct")
        assert await heard(client) == "taken"
        takes = False
        await client.send(b"waits")
        await until(lambda: len(host.received) == 2)
        takes = True
        await client.send("direct again")
        assert await heard(client) == "taken"
        assert taken == ["direct", "direct again"]
        assert host.received[1] == {"type": "websocket.receive", "bytes": b"waits"}


# Life


async def test_an_application_that_fails_closes_with_1011() -> None:
    async def failing(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        raise ValueError("this is a test")

    async with connected(failing) as (client, _):
        assert await close_code(client) == 1011


async def test_a_client_that_answers_nothing_is_dead_after_two_pings() -> None:
    host = Host()
    async with connected(host, socket_ping_seconds=0.2) as (client, _):
        client.transport.pause_reading()
        # Long before HANGING: two pings, whatever else the machine does.
        await until(lambda: bool(host.received))
        assert host.received == [{"type": "websocket.disconnect", "code": 1006, "reason": ""}]
        client.transport.abort()


async def test_a_client_that_answers_pings_lives_on() -> None:
    # Client and server share the loop: an answer takes as long as the longest pause of both.
    async with connected(echoing, socket_ping_seconds=0.3) as (client, _):
        await asyncio.sleep(1.2)
        await client.send("alive")
        assert await heard(client) == "alive"


async def test_the_application_learns_the_clients_close_code() -> None:
    host = Host()
    async with connected(host) as (client, _):
        await client.close(4321, "enough")
    assert host.received == [{"type": "websocket.disconnect", "code": 4321, "reason": "enough"}]


async def test_a_connection_that_breaks_is_told_as_1006_every_time_it_is_asked_for() -> None:
    told: list[Any] = []

    async def asking_twice(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        told.extend([(await receive())["code"], (await receive())["code"]])

    async with connected(asking_twice) as (client, _):
        client.transport.abort()
        await until(lambda: bool(told))
    assert told == [1006, 1006]


async def test_messages_are_compressed_only_where_the_settings_say_so() -> None:
    offer = {"compression": "deflate"}
    async with connected(echoing, client=offer) as (client, _):
        assert client.protocol.extensions == []
    async with connected(echoing, client=offer, socket_deflate=True) as (client, _):
        assert len(client.protocol.extensions) == 1
        await client.send("again and again " * 100)
        assert await heard(client) == "again and again " * 100


async def test_ready_frames_reach_a_client_that_compresses() -> None:
    host = Host()
    offer = {"compression": "deflate"}
    async with connected(host, client=offer, socket_deflate=True) as (client, _):
        await client.send("there?")
        await until(lambda: bool(host.received))
        await host.text("sent " * 100)
        assert host.writer.write(text_frame(b"ready"))
        assert [await heard(client), await heard(client)] == ["sent " * 100, "ready"]


# Helpers


async def heard(client: Any) -> Any:
    return await asyncio.wait_for(client.recv(), HANGING)


async def close_code(client: Any) -> int | None:
    with pytest.raises(ConnectionClosed) as caught:
        while True:
            await heard(client)
    return caught.value.rcvd.code if caught.value.rcvd else None


async def send_all(client: Any, count: int, text: str) -> None:
    for _ in range(count):
        await client.send(text)


async def fill(writer: FrameWriter) -> int:
    """Write until no frame is taken any more; how many have been."""
    for count in range(10_000):
        if not writer.write(text_frame(b"x" * 50_000)):
            return count
        await asyncio.sleep(0)
    raise AssertionError("There is no end to what it takes.")


async def until(happened: Callable[[], bool]) -> None:
    deadline = asyncio.get_running_loop().time() + HANGING
    while not happened():
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.005)
