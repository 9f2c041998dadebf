"""The clients of a benchmark, in a process of their own: ``python -m benchmarks.realtime.load``.

It takes orders as lines of JSON and answers each with one. Written to cost little: clients count
bytes and never read a frame, but for the first of a kind, which tells how long it is.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any

import uvloop

from benchmarks.realtime.client import Client, Crowd, settled
from benchmarks.realtime.lateness import lateness
from benchmarks.realtime.talk import TALKS, Talk


class Load:
    """Connections that stay open between two orders, to several servers."""

    def __init__(self) -> None:
        self._crowds: dict[tuple[int, int], Crowd] = {}

    async def fan_out(
        self,
        side: str,
        port: int,
        listeners: int,
        window: int,
        count: int,
        ports: Sequence[int] = (),
    ) -> float:
        """Tell *listeners* of *count* messages, *window* of them under way; the seconds it took.

        With *ports* they are spread over these.
        """
        crowd = self._crowds.get((port, listeners))
        if crowd is None:
            crowd = await Crowd.gathered(TALKS[side], port, listeners, ports)
            self._crowds[port, listeners] = crowd
        return await asyncio.wait_for(crowd.told(window, count), 120)

    async def ask(self, side: str, port: int, clients: int, count: int) -> float:
        """Ask *count* questions over *clients* connections, each after the answer to its last."""
        talk = TALKS[side]
        connections = [await Client.open(port, talk.ask, talk.hello) for _ in range(clients)]
        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.gather(*(one.ask(talk.question, count // clients) for one in connections))
        seconds = loop.time() - began
        await self._close(connections)
        return seconds

    async def idle(self, side: str, port: int, clients: int) -> float:
        """Open *clients* connections that say nothing, and keep them."""
        talk = TALKS[side]
        await asyncio.gather(*(self._quiet(talk, port) for _ in range(clients)))
        await settled(0.5)
        return 0.0

    async def late(
        self, side: str, port: int, listeners: int, count: int, deaf: int, **more: int
    ) -> Any:
        """How late the others are with *deaf* listeners that never read: see ``lateness``."""
        return await lateness(TALKS[side], port, listeners, count, deaf, **more)

    async def leave(self, side: str, port: int) -> float:
        """Close what is open to *port*."""
        for key in [key for key in self._crowds if key[0] == port]:
            await self._close(self._crowds.pop(key).clients)
        return 0.0

    async def _quiet(self, talk: Talk, port: int) -> None:
        await Client.open(port, talk.ask, talk.hello)

    async def _close(self, clients: list[Client]) -> None:
        for one in clients:
            one.transport.abort()
        await asyncio.sleep(0.2)


async def main() -> None:
    load, loop = Load(), asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        answer = await getattr(load, order.pop("do"))(**order)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
