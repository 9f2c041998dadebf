"""The hub of an application: it waits for commits, and starts when it is first used.

Law: nobody is told of what was rolled back.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from velocious.realtime.hub import Hub
from velocious.realtime.publication import Audience

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.realtime.channels import Channels
    from velocious.realtime.providers.base import Provider
    from velocious.realtime.publication import Publication
    from velocious.realtime.random_ids import RandomIds
    from velocious.realtime.schedule import Schedule

    #: Puts a call off until the running transaction is committed; False: there is none.
    type Later = Callable[[Callable[[], Awaitable[None]]], bool]


class ApplicationHub(Hub):
    """``configuration.channels``.

    Arguments:
        later: puts a call off until a commit.
        ready: awaited before anything is sent.
    """

    def __init__(
        self,
        channels: Channels,
        provider: Provider,
        schedule: Schedule,
        ids: RandomIds,
        *,
        later: Later,
        ready: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(channels, provider, schedule, ids)
        self._later = later
        self._ready: Callable[[], Awaitable[None]] | None = ready

    async def send(self, publication: Publication) -> None:
        """Send *publication*: at once, or when the transaction that it is part of is committed.

        Where transactions of several databases are open in each other, when the outermost is.
        """
        # Who is in a channel is no matter of the database.
        is_presence = publication.inner and publication.audience is Audience.CHANNEL
        if not is_presence and self._later(partial(self.send, publication)):
            return
        if self._ready is not None:
            await self._ready()
            self._ready = None
        await super().send(publication)
