"""Question and answer without a network: the bytes of frames go in, the bytes of answers come out.

System calls, other processes and the clients have no part in it, so that it says the same on a busy
machine: what a server's own code costs for a message, from ``data_received`` to
``transport.write``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import uvloop
from uvicorn.server import ServerState

from benchmarks.realtime.client import frame
from benchmarks.realtime.sides import floor, starlette, velocious
from benchmarks.realtime.talk import TALKS

#: Those that can be asked here.
SIDES = ("starlette", "floor", "velocious")
_REQUEST = (
    "GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
#: Turns of the loop that an answer may take before it counts as missing.
PATIENCE = 1000


class Answers:
    """How many there were."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0


class Wire(asyncio.Transport):
    """A connection that leads nowhere. *answers* counts what is written to it."""

    def __init__(self, answers: Answers) -> None:
        super().__init__()
        self._answers = answers

    def write(self, data: Any) -> None:
        self._answers.count += 1

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        pass

    def get_write_buffer_size(self) -> int:
        return 0

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return ("127.0.0.1", 1) if name in ("peername", "sockname") else default


class Asker:
    """One client of a server in this process."""

    def __init__(self, config: Any, side: str, answers: Answers) -> None:
        self._protocol = config.ws_protocol_class(config, ServerState(), {})
        self._protocol.connection_made(Wire(answers))
        talk = TALKS[side]
        self.ask: Callable[[bytes], None] = self._protocol.data_received
        self.question = frame(talk.question)
        self.ask(_REQUEST.format(talk.ask).encode())

    def leave(self) -> None:
        self._protocol.connection_lost(None)


@asynccontextmanager
async def _config(side: str) -> AsyncGenerator[Any]:
    if side == "starlette":
        config: Any = starlette.config_of(starlette.application())
        config.load()
        yield config
    elif side == "floor":
        config = floor.config_of(floor.app)
        config.load()
        yield config
    else:
        async with velocious.application() as app:
            config = floor.config_of(app)
            config.load()
            yield config


class Side:
    """A server with its clients."""

    def __init__(self, name: str, config: Any, clients: int) -> None:
        self._answers = Answers()
        self._askers = [Asker(config, name, self._answers) for _ in range(clients)]

    async def asked(self, count: int) -> float:
        """Seconds of processor time of a question, where each client asks *count* of them."""
        calls = [(one.ask, one.question) for one in self._askers]
        answers = self._answers
        answers.count = 0
        before = time.process_time()
        for number in range(1, count + 1):
            for ask, question in calls:
                ask(question)
            turns, goal = 0, number * len(calls)
            while answers.count < goal:
                await asyncio.sleep(0)
                turns += 1
                if turns > PATIENCE:
                    raise RuntimeError("There was no answer.")
        return (time.process_time() - before) / (count * len(calls))

    def leave(self) -> None:
        for one in self._askers:
            one.leave()


async def _measured(names: list[str], clients: int, count: int, rounds: int) -> list[list[float]]:
    found: list[list[float]] = [[] for _ in names]
    async with AsyncExitStack() as stack:
        sides: list[Side] = []
        for name in names:
            sides.append(Side(name, await stack.enter_async_context(_config(name)), clients))
            # What is said to begin with is no answer.
            await asyncio.sleep(0.2)
            await sides[-1].asked(50)
        for _ in range(rounds):
            for times, side in zip(found, sides, strict=True):
                times.append(await side.asked(count))
        for side in sides:
            side.leave()
        await asyncio.sleep(0.2)
    return found


def measured(sides: list[str], clients: int, count: int, rounds: int) -> dict[str, float]:
    """Microseconds of a question by side: the quickest round, for what disturbs only adds."""
    found = uvloop.run(_measured(sides, clients, count, rounds))
    return {side: min(times) * 1e6 for side, times in zip(sides, found, strict=True)}
