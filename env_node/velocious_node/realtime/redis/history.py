"""What was published lately, for all processes, in streams of Redis.

Law: Redis gives the offsets. An epoch belongs to one run of it: after a restart or a failover,
which may have lost something, there is another one.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from velocious.errors import EnvelopeError, ProviderUnavailableError
from velocious.realtime.history import Missed, read_position
from velocious_node.realtime.redis import scripts
from velocious_node.realtime.redis.returning import LARGEST

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from velocious.realtime.envelopes import NativeEnvelope
    from velocious.realtime.history import Keep
    from velocious.realtime.publication import Publication
    from velocious_node.realtime.redis.names import Names
    from velocious_node.realtime.redis.outbox import Outbox

logger = logging.getLogger("velocious.realtime")


class RedisHistory:
    """History in Redis.

    Arguments:
        new_id: makes epochs.
    """

    def __init__(
        self,
        outbox: Outbox,
        names: Names,
        envelope: NativeEnvelope,
        origin: str,
        new_id: Callable[[], str],
    ) -> None:
        self._outbox = outbox
        self._names = names
        self._envelope = envelope
        self._origin = origin
        self._new_id = new_id

    def put(self, publication: Publication, keep: Keep) -> asyncio.Future[Any]:
        """Remember *publication* and publish it: done with its position."""
        return self._outbox.run(
            scripts.ADD,
            self._names.history(publication.name),
            self._outbox.history_run,
            self._new_id(),
            self._names.place(publication.name),
            self._envelope.write(publication, self._origin),
            keep.count,
            round(keep.seconds * 1000),
        )

    async def add(self, publication: Publication, keep: Keep) -> None:
        """Remember *publication*, and publish it. Raises ProviderUnavailableError."""
        publication.position = (await self.put(publication, keep)).decode()

    async def since(self, channel: str, position: str | None, keep: Keep) -> Missed:
        read = None if position is None else read_position(position)
        try:
            epoch, last, found = await self._outbox.run(
                scripts.SINCE,
                self._names.history(channel),
                self._outbox.history_run,
                self._new_id(),
                "" if read is None else min(read[1], LARGEST),
                keep.count,
                round(keep.seconds * 1000),
            )
        except ProviderUnavailableError:
            # No position that anybody could continue from.
            return Missed(f"{self._new_id()}-0")
        epoch, last = epoch.decode(), int(last)
        now = f"{epoch}-{last}"
        if read is None or read[0] != epoch or read[1] > last:
            return Missed(now)
        missed = self._read(epoch, found)
        is_all = missed is not None and len(missed) == last - read[1]
        return Missed(now, missed or (), recovered=True) if is_all else Missed(now)

    def _read(self, epoch: str, found: list[bytes]) -> list[Publication] | None:
        missed: list[Publication] = []
        try:
            for offset, text in zip(found[::2], found[1::2], strict=True):
                one = self._envelope.read(text.decode())
                if isinstance(one, str):
                    return None
                one.position = f"{epoch}-{offset.decode()}"
                missed.append(one)
        except (EnvelopeError, UnicodeDecodeError) as error:
            logger.warning("The history has something that nobody here wrote: %s", error)
            return None
        return missed
