"""Where an application notes which tickets were used.

Law: processes that are connected share what they know of tickets, or there are none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError
from velocious.realtime.providers.memory import MemoryProvider
from velocious.realtime.tickets import MemoryTickets, SharesTickets

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.clock import Clock
    from velocious.realtime.providers.base import Provider
    from velocious.realtime.tickets import TicketStore


def application_tickets(
    provider: Provider, ready: Callable[[], Awaitable[None]], clock: Clock
) -> TicketStore:
    """The store of an application whose processes *provider* connects.

    Raises:
        ConfigurationError: it connects processes, and knows of no tickets.
    """
    if isinstance(provider, SharesTickets):
        return _Shared(provider.tickets, ready)
    if isinstance(provider, MemoryProvider):
        return MemoryTickets(clock)
    raise ConfigurationError(
        f"{type(provider).__name__} connects processes, but has no `tickets`, in which they note "
        "those that were used: each would be good once in every process. Give it a "
        "`velocious.realtime.tickets.TicketStore`, or make Tickets(…, store=…)."
    )


class _Shared:
    """The store of a provider, which may not have begun yet."""

    def __init__(self, store: TicketStore, ready: Callable[[], Awaitable[None]]) -> None:
        self._store = store
        self._ready = ready

    async def spend(self, id: str, seconds: float) -> bool:
        await self._ready()
        return await self._store.spend(id, seconds)
