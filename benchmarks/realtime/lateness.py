"""How late listeners are told when some of them never read."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from statistics import quantiles

from benchmarks.realtime.client import Client, Crowd, frame, settled
from benchmarks.realtime.talk import PAYLOAD, Talk

#: Seconds between two messages, and bytes of one: a deaf listener's share must be more than kernels
#: keep for it.
PACE, BYTES = 0.04, 16 * 1024
PATIENCE = 10.0


async def lateness(
    talk: Talk, port: int, listeners: int, count: int, deaf: int, size: int = BYTES
) -> dict[str, float]:
    """Tell *listeners* of *count* messages of *size* bytes, *deaf* others that never read among
    them.

    Returns the 99th percentile in milliseconds from a message's sending to its coming, and how much
    of what should have come has.
    """
    talk = replace(talk, tell=talk.tell.replace(PAYLOAD, "x" * size))
    crowd = await Crowd.gathered(talk, port, listeners)
    # Kept here: a loop lets go of a connection that is not read, and it would be closed.
    unread = [await _deaf(talk, port) for _ in range(deaf)]
    loop = asyncio.get_running_loop()
    late: list[float] = []
    began: list[float] = []
    length = crowd.length
    for client in crowd.clients:
        client.received = 0
        client.on_bytes = _timing(client, length, began, late)
    told = frame(talk.tell)
    for _ in range(count):
        began.append(loop.time())
        crowd.speaker.transport.write(told)
        await asyncio.sleep(PACE)
    for _ in range(int(PATIENCE * 10)):
        if len(late) >= count * listeners:
            break
        await asyncio.sleep(0.1)
    for client in (*crowd.clients, crowd.speaker, *unread):
        client.transport.abort()
    percentile = quantiles(late, n=100)[98] * 1000 if len(late) > 1 else float("inf")
    return {"p99": percentile, "arrived": len(late) / (count * listeners)}


def _timing(client: Client, length: int, began: list[float], late: list[float]):
    now = asyncio.get_running_loop().time

    def on_bytes(data: bytes) -> None:
        before = client.received // length
        client.received += len(data)
        for number in range(before, client.received // length):
            if number < len(began):
                late.append(now() - began[number])

    return on_bytes


async def _deaf(talk: Talk, port: int) -> Client:
    """A listener that never reads, with little room in its own kernel."""
    loop = asyncio.get_running_loop()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    listener.setblocking(False)
    await loop.sock_connect(listener, ("127.0.0.1", port))
    _, client = await loop.create_connection(lambda: Client(port, talk.listen), sock=listener)
    await client.is_open
    for text in (*talk.hello, *talk.join):
        await settled(0.2)
        before = client.received
        client.transport.write(frame(text))
        # A busy server takes its time; some never say that they have heard it.
        for _ in range(50):
            if client.received > before:
                break
            await settled(0.1)
    client.transport.pause_reading()
    return client
