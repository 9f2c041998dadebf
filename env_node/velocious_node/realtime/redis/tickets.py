"""Which one-time tickets were used, for all processes with one Redis.

Law: where Redis is away nobody gets in by a ticket: it may have been used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious_node.realtime.redis.outbox import Outbox


class RedisTickets:
    """Notes used tickets.

    Arguments:
        prefix: what its keys begin with.
    """

    def __init__(self, outbox: Outbox, prefix: str) -> None:
        self._outbox = outbox
        self._prefix = prefix

    async def spend(self, id: str, seconds: float) -> bool:
        """Note for *seconds* that the ticket was used; whether it was not before.

        Raises:
            ProviderUnavailableError: Redis is away.
        """
        milliseconds = max(int(seconds * 1000), 1)
        name = f"{self._prefix}:ticket:{id}"
        return bool(await self._outbox.put("SET", name, "1", "NX", "PX", milliseconds))
