"""Asking the application, from time to time, whether users are still welcome.

Law: a check that cannot be made is no yes. It is made again, and whoever could not be checked
several times in a row is sent back to the door, where the upgrade decides.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from velocious.realtime.close_codes import Close

if TYPE_CHECKING:
    from collections.abc import Iterator

    from velocious.realtime.connection import Connection
    from velocious.realtime.engine import Engine

#: Connections that are asked about side by side: one answer that hangs keeps up no others.
AT_ONCE = 8
#: Checks in a row that may fail.
TRIES = 3


class Rechecking:
    """Rounds over all open connections, one at a time."""

    def __init__(self, engine: Engine) -> None:
        # Imported here: engines without the hook need none of it.
        from weakref import WeakKeyDictionary

        self._engine = engine
        self._round: asyncio.Task[None] | None = None
        self._failures: WeakKeyDictionary[Connection, int] = WeakKeyDictionary()

    def begin(self) -> None:
        """Begin a round, if none is under way."""
        if self._round is None or self._round.done():
            self._round = asyncio.get_running_loop().create_task(self._go_round())

    def stop(self) -> None:
        if self._round is not None:
            self._round.cancel()

    async def _go_round(self) -> None:
        everybody = iter(list(self._engine.connections.values()))
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._ask_about(everybody))

    async def _ask_about(self, connections: Iterator[Connection]) -> None:
        for connection in connections:
            if connection.is_open:
                await self._ask(connection)

    async def _ask(self, connection: Connection) -> None:
        engine = self._engine
        assert engine.recheck is not None
        try:
            async with asyncio.timeout(engine.settings.guard_timeout):
                welcome = await engine.recheck(connection)
        except Exception:
            engine.log_failure(connection, "recheck")
            self._failed(connection)
            return
        self._failures.pop(connection, None)
        if welcome is not True:
            connection.end(Close.AUTH_FAILED, "No longer allowed")

    def _failed(self, connection: Connection) -> None:
        count = self._failures.get(connection, 0) + 1
        self._failures[connection] = count
        if count >= TRIES:
            # Its client comes back, and is asked at the door who it is.
            connection.end(Close.INTERNAL, "It could not be found out who this is", retry_after=5)
