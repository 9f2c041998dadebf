"""Clients that cost little: what they send is made beforehand, what comes is counted in bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from itertools import batched, cycle, islice
from typing import cast

from benchmarks.realtime.talk import Talk

PATIENCE = 60.0


class Client(asyncio.Protocol):
    """One websocket.

    Attributes:
        on_bytes: called with what comes, after the handshake.
        received: how many bytes have come.
    """

    def __init__(self, port: int, path: str) -> None:
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        ).encode()
        self._head = b""
        self.is_open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.received = 0
        self.on_bytes: Callable[[bytes], None] = self._count

    @classmethod
    async def open(cls, port: int, path: str, hello: tuple[str, ...] = ()) -> Client:
        """A connection whose handshake is done, and that has said *hello*."""
        loop = asyncio.get_running_loop()
        _, client = await loop.create_connection(lambda: cls(port, path), "127.0.0.1", port)
        await asyncio.wait_for(client.is_open, PATIENCE)
        for text in hello:
            # What the server says to begin with comes before anything is answered.
            await settled(0.02)
            client.transport.write(frame(text))
        return client

    async def ask(self, question: str, count: int) -> None:
        """Send *question* *count* times, each after the answer to the last one."""
        await settled(0.1)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        asked, left = frame(question), count

        def answered(data: bytes) -> None:
            nonlocal left
            left -= 1
            if left:
                self.transport.write(asked)
            elif not done.done():
                done.set_result(None)

        self.on_bytes = answered
        self.transport.write(asked)
        await asyncio.wait_for(done, PATIENCE)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if self.is_open.done():
            self.on_bytes(data)
            return
        self._head += data
        head, found, rest = self._head.partition(b"\r\n\r\n")
        if not found:
            return
        if not head.startswith(b"HTTP/1.1 101"):
            self.is_open.set_exception(RuntimeError(head.decode()))
            return
        self.is_open.set_result(None)
        if rest:
            self.on_bytes(rest)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.is_open.done():
            self.is_open.set_exception(RuntimeError(f"The server hung up: {error}"))

    def _count(self, data: bytes) -> None:
        self.received += len(data)


class Crowd:
    """Listeners, and one who speaks to all of them.

    Attributes:
        length: bytes of one message, as a listener gets it.
    """

    def __init__(self, speaker: Client, clients: list[Client], talk: Talk) -> None:
        self.speaker = speaker
        self.clients = clients
        self.length = 0
        self._tell = frame(talk.tell)
        self._received = self._goal = 0
        self._act: Callable[[], None] = lambda: None

    @classmethod
    async def gathered(cls, talk: Talk, port: int, count: int, ports: Sequence[int] = ()) -> Crowd:
        """*count* listeners, spread over *ports* where there are some, and a speaker at *port*."""
        clients: list[Client] = []
        for chosen in batched(islice(cycle(ports or [port]), count), 50):
            clients += await asyncio.gather(
                *(Client.open(one, talk.listen, talk.hello) for one in chosen)
            )
        for text in talk.join:
            for client in clients:
                client.transport.write(frame(text))
        speaker = await Client.open(port, talk.speak, talk.hello)
        crowd = cls(speaker, clients, talk)
        await crowd.quiet()
        for client in clients:
            client.on_bytes = crowd.count
        await crowd.learn()
        return crowd

    async def quiet(self) -> None:
        """Wait until nothing comes any more."""
        before = -1
        while before != (now := sum(client.received for client in self.clients) + self._received):
            before = now
            await asyncio.sleep(1.2)

    async def learn(self) -> None:
        """Find out how long a message is; everybody must get it."""
        self._goal, self._received = 1 << 60, 0
        self.speaker.transport.write(self._tell)
        await self.quiet()
        self.length, rest = divmod(self._received, len(self.clients))
        if not self.length or rest:
            raise RuntimeError(f"Not everybody was told: {self._received} bytes.")

    def count(self, data: bytes) -> None:
        self._received += len(data)
        if self._received >= self._goal:
            self._act()

    async def told(self, window: int, count: int) -> float:
        """Tell everybody of *count* messages, of which *window* may be under way."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        everybody = self.length * len(self.clients)
        self._received, said = 0, 0

        def go_on() -> None:
            nonlocal said
            arrived = self._received // everybody
            if arrived >= count:
                if not done.done():
                    done.set_result(None)
                return
            more = min(arrived + window, count) - said
            said += more
            self._goal = (arrived + 1) * everybody
            if more:
                self.speaker.transport.write(self._tell * more)

        self._act = go_on
        began = loop.time()
        go_on()
        await done
        return loop.time() - began


def frame(text: str) -> bytes:
    """*text* as a client sends it; the mask is zero, which is one, too."""
    payload = text.encode()
    length = len(payload)
    head = bytes((0x81, 0x80 | length)) if length < 126 else b"\x81\xfe" + length.to_bytes(2)
    return head + bytes(4) + payload


async def settled(seconds: float) -> None:
    await asyncio.sleep(seconds)
