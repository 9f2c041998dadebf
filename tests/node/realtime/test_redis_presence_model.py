"""Members over Redis against a simple model: joins, leaves, crashes and broken networks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.node import redis
from tests.node.realtime.redis_troubles import Cut, crash, process, provider_of
from tests.node.realtime.waiting import until
from velocious.realtime.presence import Member

if TYPE_CHECKING:
    from velocious.realtime import Engine

ROOM = "presence-model"
PLACES = 3
#: A process, a connection of it, and what happens.
STEPS = st.lists(
    st.tuples(
        st.integers(0, PLACES - 1),
        st.integers(0, 3),
        st.sampled_from(["join", "join", "join", "leave", "crash", "cut", "heal"]),
    ),
    max_size=25,
)


class Model:
    """Who must be there: process → connection → member."""

    def __init__(self) -> None:
        self.there: list[dict[str, str]] = [{} for _ in range(PLACES)]

    @property
    def members(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for connections in self.there:
            for member in connections.values():
                found[member] = found.get(member, 0) + 1
        return found


class World:
    """The processes, and what was done to them."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.engines: list[Engine] = []
        self.cuts: dict[int, Cut] = {}
        self.model = Model()
        self._next = 0

    async def start(self) -> None:
        self.engines = [await self._process() for _ in range(PLACES)]

    async def _process(self) -> Engine:
        # A short lease: some cuts are longer.
        return await process(redis.URL, prefix=self.prefix, lease=0.3, renew=0.05, heartbeat=0.1)

    async def step(self, place: int, which: int, what: str) -> None:
        presence = self.engines[place].provider.presence
        mine = self.model.there[place]
        match what:
            case "join":
                self._next += 1
                connection = f"{place}-{self._next}"
                mine[connection] = f"m{which}"
                await presence.join(ROOM, Member(f"m{which}"), connection)
            case "leave":
                for connection in list(mine)[which : which + 1]:
                    del mine[connection]
                    await presence.leave(ROOM, connection)
            case "crash":
                self.heal(place)
                mine.clear()
                await crash(self.engines[place])
                self.engines[place] = await self._process()
            case "cut":
                self.cuts.setdefault(place, Cut(self.engines[place]))
                await asyncio.sleep(0.1 * which)
            case _:
                self.heal(place)

    def heal(self, place: int) -> None:
        if place in self.cuts:
            self.cuts.pop(place).heal()

    async def settled(self) -> None:
        """All networks are well, leases of the dead have ended, and everybody sees the model."""
        for place in list(self.cuts):
            self.heal(place)
        for engine in self.engines:
            provider = provider_of(engine)
            await until(lambda provider=provider: provider._outbox.is_up)
        for engine in self.engines:
            seen: Any = None
            for _ in range(500):
                members = await engine.provider.presence.members(ROOM)
                seen = {one.id: one.connections for one in members}
                if seen == self.model.members:
                    break
                await asyncio.sleep(0.01)
            assert seen == self.model.members


async def _run(steps: list[tuple[int, int, str]]) -> None:
    async with redis.prefix() as prefix:
        world = World(prefix)
        await world.start()
        try:
            for step in steps:
                await world.step(*step)
            await world.settled()
        finally:
            for one in world.engines:
                await one.stop()


@settings(max_examples=12, deadline=None)
@given(STEPS)
def test_everybody_agrees_with_the_model(steps: list[tuple[int, int, str]]) -> None:
    asyncio.run(_run(steps))
