"""One process alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.realtime.history import MemoryHistory
from velocious.realtime.presence import MemoryPresence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.realtime.history import History, Keep
    from velocious.realtime.presence import Presence
    from velocious.realtime.providers.base import Broken, Deliver
    from velocious.realtime.publication import Publication
    from velocious.realtime.schedule import Schedule


class MemoryProvider:
    """Keeps everything in memory; there is nobody else to tell.

    Arguments:
        origin: the name of this process, and the epoch of its history: another one at each start.
    """

    def __init__(self, origin: str, schedule: Schedule) -> None:
        self.origin = origin
        self.presence: Presence = MemoryPresence()
        self.history: History = MemoryHistory(origin, schedule)

    async def start(self, deliver: Deliver, broken: Broken) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def publish(
        self, publication: Publication, keep: Keep | None, local: Callable[[], None]
    ) -> None:
        if keep is not None:
            await self.history.add(publication, keep)
        local()

    def interested(self, channel: str) -> Awaitable[None] | None:
        return None

    def uninterested(self, channel: str) -> None:
        pass
