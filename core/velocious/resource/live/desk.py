"""``Desk``: what a process hears of models, and whom it tells.

Law: events of one model are told one after another, in the order in which they came. Telling waits
for nobody who reads slowly, and nobody who publishes waits for it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from contextvars import Context
from typing import TYPE_CHECKING, Any

from velocious import current
from velocious.realtime.history import is_behind
from velocious.realtime.publication import Audience, Publication
from velocious.resource.asking import Asking
from velocious.resource.live.audience import groups_of
from velocious.resource.live.ear import LOST, Ear, heard_as
from velocious.resource.live.happening import Happening
from velocious.resource.live.judging import heard, resync
from velocious.resource.live.telling import INSIDE
from velocious.wire import encode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.configuration import Configuration
    from velocious.realtime.engine import Engine
    from velocious.realtime.subscription import Subscription
    from velocious.resource.exposure import Exposure
    from velocious.resource.live.audience import Group
    from velocious.resource.live.channel import FrontendModels

logger = logging.getLogger("velocious.realtime")

#: Events of one model that wait; more are dropped, and listeners are told so.
MOST = 1000
#: The event whose frame is its data alone.
BARE = "message"
_PLACE = "velocious.live"


class Place:
    """One model's listeners, and what is to be told to them."""

    def __init__(self, desk: Desk, exposure: Exposure) -> None:
        self.exposure = exposure
        #: Listener → what its client calls it, and the position until which it has everything.
        self.listeners: dict[FrontendModels, tuple[Subscription, str | None]] = {}
        self.waiting: deque[str | FrontendModels] = deque()
        self.task: asyncio.Task[None] | None = None
        self.channel = INSIDE.format(model=exposure.name)
        self.ear: Ear | None = None
        self.opening = asyncio.Lock()
        self._desk = desk

    def take(self, what: str) -> None:
        """Something was heard."""
        if len(self.waiting) >= MOST:
            # Those who wait for what they missed are told that, too.
            late = [one for one in self.waiting if not isinstance(one, str)]
            self.waiting.clear()
            self.waiting.extend((LOST, *late))
        self.waiting.append(what)
        self._desk.work(self)


class Desk:
    """Everything live of one process."""

    def __init__(self, engine: Engine, configuration: Configuration) -> None:
        self._engine = engine
        self._hub = engine.hub
        self._configuration = configuration
        self._places: dict[str, Place] = {}
        #: How many times an ability was asked about an event.
        self.evaluations = 0

    # Listening

    async def open(self, exposure: Exposure) -> None:
        """Hear what happens to records of *exposure*, before anybody is told that it listens."""
        place = self._places.get(exposure.name)
        if place is None or place.exposure is not exposure:
            place = self._places[exposure.name] = Place(self, exposure)
        async with place.opening:
            if place.ear is None:
                ear = Ear(self._engine, place.channel, place.take)
                await ear.open()
                place.ear = ear

    def add(self, listener: FrontendModels, subscription: Subscription) -> None:
        """Tell *listener* from now on; first what it missed, where it says what it has."""
        place = self._places[listener.exposure.name]
        place.listeners[listener] = subscription, None
        if listener.since is not None:
            place.waiting.append(listener)
            self.work(place)

    async def remove(self, listener: FrontendModels) -> None:
        """Tell *listener* no more."""
        place = self._places.get(listener.exposure.name)
        if place is None or place.listeners.pop(listener, None) is None:
            return
        async with place.opening:
            if not place.listeners and place.ear is not None:
                ear, place.ear = place.ear, None
                await ear.close()

    # Telling

    def work(self, place: Place) -> None:
        """Tell what waits, if nobody is at it."""
        if place.task is None or place.task.done():
            # Whoever published this has a request, a tenant and transactions that are not ours.
            loop = asyncio.get_running_loop()
            place.task = loop.create_task(self._work(place), context=Context())

    async def settled(self) -> None:
        """Wait until everything that was heard is told."""
        while busy := [one.task for one in self._places.values() if one.task is not None]:
            await asyncio.wait(busy)
            for place in self._places.values():
                if place.task is not None and place.task.done():
                    place.task = None

    async def _work(self, place: Place) -> None:
        with current.use(self._configuration):
            while place.waiting:
                what = place.waiting.popleft()
                try:
                    if isinstance(what, str):
                        await self._tell(place, what)
                    else:
                        await self._catch_up(place, what)
                except Exception:
                    logger.exception("Live events of %s failed", place.exposure.name)
                    self._say(place.listeners, place, resync(place.exposure), None)

    async def _tell(self, place: Place, what: str) -> None:
        if what == LOST:
            self._say(place.listeners, place, resync(place.exposure), None)
            return
        position, _, text = what.partition("\n")
        wanting = [
            one
            for one, (_, after) in place.listeners.items()
            if not self._catches_up(place, one) and is_behind(position or None, after)
        ]
        await self._tell_of(place, text, position or None, wanting)

    def _catches_up(self, place: Place, listener: FrontendModels) -> bool:
        return any(one is listener for one in place.waiting)

    async def _tell_of(
        self, place: Place, text: str, position: str | None, wanting: Iterable[FrontendModels]
    ) -> None:
        happening = Happening.from_text(json.loads(text))
        groups, unknown = await groups_of(wanting, place.exposure)
        self._say(unknown, place, resync(place.exposure), position)
        for group in groups:
            try:
                message = await self._judged(happening, place.exposure, group)
            except Exception:
                logger.exception("A live event of %s failed", place.exposure.name)
                message = resync(place.exposure)
            if message is not None:
                exact = group.speaks_python
                self._say(group.listeners, place, message, position, exact=exact)

    async def _judged(
        self, happening: Happening, exposure: Exposure, group: Group
    ) -> dict[str, Any] | None:
        self.evaluations += 1
        asking = Asking(
            None,
            group.ability,
            self._configuration.resources,
            self._configuration.resource_settings,
            speaks_python=group.speaks_python,
        )
        return await heard(happening, exposure, asking)

    async def _catch_up(self, place: Place, listener: FrontendModels) -> None:
        """Tell *listener* what it missed, or that it has to ask again."""
        from velocious.resource.live.channel import Inside

        if listener not in place.listeners:
            return
        missed = await self._hub.missed(place.channel, Inside, listener.since)
        if missed is None or not missed.recovered:
            self._say([listener], place, resync(place.exposure), None)
        for publication in () if missed is None else missed.publications:
            position, _, text = heard_as(publication).partition("\n")
            await self._tell_of(place, text, position or None, [listener])
        if listener in place.listeners and missed is not None:
            subscription, _ = place.listeners[listener]
            place.listeners[listener] = subscription, missed.position

    def _say(
        self,
        listeners: Iterable[FrontendModels],
        place: Place,
        message: dict[str, Any],
        position: str | None,
        *,
        exact: bool = False,
    ) -> None:
        text = encode(message, exact=exact)
        for listener in list(listeners):
            known = place.listeners.get(listener)
            if known is None or known[0].connection.is_ending:
                continue
            told = Publication(
                Audience.CHANNEL,
                listener.name,
                BARE,
                text,
                epoch_ms=self._hub.epoch_ms(),
                position=position,
            )
            subscription = known[0]
            topic = self._hub.topics.get(subscription.name)
            if topic is not None:
                subscription.connection.outgoing.heard(topic, subscription, told)


def desk_of(engine: Engine) -> Desk:
    """The desk of the process of *engine*."""
    beside = engine.hub.beside
    if _PLACE not in beside:
        beside[_PLACE] = Desk(engine, current.configuration())
    return beside[_PLACE]
