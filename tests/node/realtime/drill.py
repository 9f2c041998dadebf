"""A drill: processes with clients that come and go while servers and Redis are killed.

What must hold: no gap without an announcement, nothing delivered twice, the order of each publisher
kept, and in the end everybody agrees on who is there.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tests.node.realtime.redis_troubles import Cut, crash, process, provider_of
from tests.suites.waiting import until
from velocious.testing.realtime import Participant

if TYPE_CHECKING:
    from tests.node.redis import OwnRedis
    from velocious.realtime import Engine

BOARDS = [f"board:{number}" for number in range(3)]
LOUNGE = "presence-lounge.1"


class Ledger:
    """What one client has heard of one channel, over all its connections.

    Attributes:
        position: where it would go on.
        problems: what must not have happened.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.position: str | None = None
        self.announced = 0
        self.recovered = 0
        self.heard = 0
        self.problems: list[str] = []
        self._seen: set[tuple[str, int]] = set()
        self._latest: deque[dict[str, Any]] = deque(maxlen=12)
        self._next: dict[str, int] = {}

    def take(self, frame: dict[str, Any]) -> None:
        self._latest.append(frame)
        match frame["type"]:
            case "sub.ok":
                self._subscribed(frame)
            case "resync":
                self._announce()
            case "event" if not frame["event"].startswith("member."):
                self._event(frame)
            case _:
                pass

    def _subscribed(self, frame: dict[str, Any]) -> None:
        if frame.get("recovered") is True:
            # What was missed follows: nothing of it has been heard yet.
            self.recovered += 1
        else:
            self._announce()
            self.position = frame.get("pos", self.position)

    def _announce(self) -> None:
        self.announced += 1
        self._next.clear()

    def _event(self, frame: dict[str, Any]) -> None:
        publisher, number = frame["data"]
        self.heard += 1
        self.position = frame.get("pos", self.position)
        if (publisher, number) in self._seen:
            latest = list(self._latest)
            self.problems.append(f"{self.name} heard {publisher} {number} twice: {latest}")
        self._seen.add((publisher, number))
        expected = self._next.get(publisher)
        if expected is not None and number != expected:
            latest = list(self._latest)
            self.problems.append(f"{self.name}: {publisher} {number}, not {expected}: {latest}")
        self._next[publisher] = number + 1


class Drill:
    """Processes, clients, publishers and trouble.

    Attributes:
        disconnects: how often a client went away.
    """

    def __init__(self, server: OwnRedis, *, clients: int, seed: int) -> None:
        self.server = server
        self.random = random.Random(seed)
        self.engines: list[Engine] = []
        self.ledgers = [Ledger(f"client {n} in {ch}") for n in range(clients) for ch in BOARDS]
        self.disconnects = self.crashes = self.outages = self.cuts = self.published = 0
        self._clients = clients
        self._dead: set[Engine] = set()
        self._incarnation = 0
        self._over = False

    async def run(self, disconnects: int) -> None:
        """Until so many clients have gone."""
        self.engines = [await process(self.server.url) for _ in range(3)]
        clients = [asyncio.create_task(self._client(n)) for n in range(self._clients)]
        publishers = [asyncio.create_task(self._publisher(n)) for n in range(3)]
        trouble = asyncio.create_task(self._trouble())
        try:
            while self.disconnects < disconnects:
                await asyncio.sleep(0.05)
                for task in (*clients, *publishers, trouble):
                    if task.done():
                        task.result()
        finally:
            self._over = True
            trouble.cancel()
            with suppress(asyncio.CancelledError):
                await trouble
            await asyncio.gather(*clients, *publishers)

    async def stop(self) -> None:
        for one in self.engines:
            await one.stop()

    async def quiet(self) -> None:
        """All is well again."""
        for one in self.engines:
            provider = provider_of(one)
            await until(lambda provider=provider: provider._outbox.is_up, 20)
            await until(lambda provider=provider: provider._subscriber.is_up, 20)

    @property
    def problems(self) -> list[str]:
        return [problem for one in self.ledgers for problem in one.problems]

    # Clients

    async def _client(self, number: int) -> None:
        ledgers = dict(
            zip(BOARDS, self.ledgers[number * len(BOARDS) :][: len(BOARDS)], strict=True)
        )
        while not self._over:
            await self._session(number, ledgers)
            self.disconnects += 1
            await asyncio.sleep(self.random.uniform(0, 0.02))

    async def _session(self, number: int, ledgers: dict[str, Ledger]) -> None:
        engine = self.random.choice(self.engines)
        one = Participant(engine)
        engine.receive(one.connection, json.dumps({"type": "auth", "token": f"u{number}"}))
        for name, ledger in ledgers.items():
            order = {"type": "sub", "ch": name, "since": ledger.position or "none-0"}
            engine.receive(one.connection, json.dumps(order))
        engine.receive(one.connection, json.dumps({"type": "sub", "ch": LOUNGE}))
        for _ in range(self.random.randrange(2, 40)):
            if engine in self._dead:
                break
            await asyncio.sleep(0.01)
        # Whatever was written until now has arrived: the client reads before it goes.
        frames, one.sink.frames = one.sink.frames, []
        for text in frames:
            frame: dict[str, Any] = json.loads(text)
            if frame.get("ch") in ledgers:
                ledgers[frame["ch"]].take(frame)
        if engine not in self._dead:
            await engine.disconnected(one.connection)

    # Publishers

    async def _publisher(self, place: int) -> None:
        engine, name, numbers = self.engines[place], "", dict[str, int]()
        while not self._over:
            if not name or engine is not self.engines[place]:
                engine, numbers = self.engines[place], dict[str, int]()
                self._incarnation += 1
                name = f"p{self._incarnation}"
            channel = self.random.choice(BOARDS)
            number = numbers[channel] = numbers.get(channel, -1) + 1
            await engine.hub.publish(channel, "said", [name, number])
            self.published += 1
            await asyncio.sleep(self.random.uniform(0, 0.01))

    # Trouble

    async def _trouble(self) -> None:
        while True:
            await asyncio.sleep(self.random.uniform(0.5, 1.5))
            match self.random.randrange(3):
                case 0:
                    await self._crash()
                case 1:
                    await self._outage()
                case _:
                    await self._cut()

    async def _crash(self) -> None:
        place = self.random.randrange(3)
        dead = self.engines[place]
        # First the new one: clients choose among those that are there.
        self.engines[place] = await process(self.server.url)
        self._dead.add(dead)
        await crash(dead)
        self.crashes += 1

    async def _outage(self) -> None:
        await self.server.kill()
        try:
            await asyncio.sleep(self.random.uniform(0, 0.4))
        finally:
            await self.server.start()
        self.outages += 1

    async def _cut(self) -> None:
        cut = Cut(self.random.choice(self.engines))
        try:
            # Sometimes longer than a lease.
            await asyncio.sleep(self.random.choice([0.05, 0.2, 1.4]))
        finally:
            cut.heal()
        self.cuts += 1
