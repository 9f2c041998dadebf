"""Opening connections to a server that may be away for a while."""

from __future__ import annotations

import asyncio
from random import uniform
from typing import TYPE_CHECKING

from velocious.errors import DatabaseUnreachableError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

#: Seconds between two tries: doubled from the first up to the last.
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 2.0
#: Seconds that one try may take, however little time is left to wait for a connection.
PATIENCE = 5.0


class Connector[C]:
    """Opens connections with *connect*. After a failure all who want one pause together, longer
    each time, and at random, so that a server that comes back is not overrun.

    Attributes:
        opened: how many connections it has opened.
    """

    def __init__(
        self, connect: Callable[[], Awaitable[C]], name: str, time: Callable[[], float]
    ) -> None:
        self._connect = connect
        self._name = name
        self._time = time
        self._failures = 0
        self._next_try = 0.0
        self.opened = 0

    async def open(self, deadline: float) -> C:
        """A new connection. A server that was reached before is tried until *deadline*; one that
        was not is reported at once, because its address is probably wrong.

        Raises:
            DatabaseUnreachableError: in vain.
            DatabaseUnavailableError: at once, for what will not pass by itself.
        """
        while True:
            if self._failures and self._next_try > self._time():
                await asyncio.sleep(self._next_try - self._time())
            try:
                connection = await self._open_once(deadline)
            except DatabaseUnreachableError:
                self._failures += 1
                pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self._failures - 1, 16))
                self._next_try = self._time() + pause * uniform(0.5, 1.0)
                if not self.opened or self._next_try >= deadline:
                    raise
            else:
                self._failures = 0
                self.opened += 1
                return connection

    async def _open_once(self, deadline: float) -> C:
        left = max(PATIENCE, deadline - self._time())
        try:
            async with asyncio.timeout(left):
                return await self._connect()
        except TimeoutError as error:
            raise DatabaseUnreachableError(
                f"The server of the database {self._name!r} did not answer within {left:.3g} s. "
                "Check its host and port, and that nothing between drops the packets."
            ) from error
