"""Tickets: a page that is signed in asks for one over HTTP, and shows it when its socket opens.

Law: good once, for seconds, and for nobody else's purpose. A token that lives longer never stands
where an address, a log or a proxy could keep it.
"""

from __future__ import annotations

import json
from os import urandom
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from velocious.errors import ConfigurationError

if TYPE_CHECKING:
    from velocious.cipher import Cipher
    from velocious.clock import Clock
    from velocious.secret import Secret

#: Seconds that a ticket is good for: a page opens its socket at once.
SECONDS = 30
#: What longer than this comes as a ticket was not made here.
_LONGEST = 8192
_PURPOSE = "realtime tickets"


class TicketStore(Protocol):
    """Remembers which tickets were used. Processes that share a secret must share it, too:
    otherwise a ticket is good once in each of them.
    """

    async def spend(self, id: str, seconds: float) -> bool:
        """Note for *seconds* that the ticket was used; whether it was not before."""
        ...


@runtime_checkable
class SharesTickets(Protocol):
    """A provider whose processes know of each other's tickets.

    Attributes:
        tickets: which ones were used in any of them.
    """

    tickets: TicketStore


class MemoryTickets:
    """Those of one process. Only tickets that are good come here, so there are few."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._spent: dict[str, float] = {}

    async def spend(self, id: str, seconds: float) -> bool:
        now = self._clock.now().timestamp()
        for old in [one for one, until in self._spent.items() if until <= now]:
            del self._spent[old]
        if id in self._spent:
            return False
        self._spent[id] = now + seconds
        return True

    def __len__(self) -> int:
        return len(self._spent)


class Tickets:
    """Issues tickets, and takes each once.

    ::

        ticket = await configuration.tickets().issue({"user": 5})             # in a controller
        found = await configuration.tickets().redeem(credentials["ticket"])   # in `authenticate`

    Arguments:
        store: where used ones are noted; in this process by default.
        seconds: how long one is good.
        place: tickets for one place are worthless in any other (``"/ws"``).
    """

    def __init__(
        self,
        secret: Secret,
        cipher: Cipher,
        clock: Clock,
        *,
        store: TicketStore | None = None,
        seconds: float = SECONDS,
        place: str = "",
    ) -> None:
        if not seconds > 0:
            raise ConfigurationError(f"Tickets(seconds={seconds!r}): give a number above 0.")
        self._secret = secret
        self._cipher = cipher
        self._clock = clock
        self._store: TicketStore = MemoryTickets(clock) if store is None else store
        self._seconds = seconds
        self._place = place.encode()

    async def issue(self, data: Any) -> str:
        """A ticket that :meth:`redeem` turns into *data*: any JSON but None. It has letters and
        digits only.

        Raises:
            TypeError: *data* is None, or no JSON.
            MissingSecretError: nobody gave the application a secret.
        """
        if data is None:
            raise TypeError("A ticket for None says nothing. Give it the user's id.")
        until = self._clock.now().timestamp() + self._seconds
        content = json.dumps([urandom(16).hex(), until, data], separators=(",", ":"))
        key = self._secret.keys(_PURPOSE)[0]
        return self._cipher.encrypt(key, content.encode(), self._place).hex()

    async def redeem(self, ticket: object) -> Any:
        """What the ticket was issued for; None where it was not issued here, is too old, or was
        used before.
        """
        content = self._content(ticket)
        if content is None:
            return None
        id, until, data = json.loads(content)
        left = until - self._clock.now().timestamp()
        return data if left > 0 and await self._store.spend(id, left) else None

    def _content(self, ticket: object) -> bytes | None:
        if not isinstance(ticket, str) or len(ticket) > _LONGEST:
            return None
        try:
            sealed = bytes.fromhex(ticket)
        except ValueError:
            return None
        # Other texts lead to the same bytes; only one of them was made here.
        if sealed.hex() != ticket:
            return None
        keys = self._secret.keys(_PURPOSE)
        opened = (self._cipher.decrypt(key, sealed, self._place) for key in keys)
        return next((content for content in opened if content is not None), None)
