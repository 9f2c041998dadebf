"""A transaction of another tab, on the owner's connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import DatabaseError
from velocious_browser.tabs.wire import pack_error

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from velocious_browser.tabs.engine import Engine, OwnedConnection

#: Whether the transaction is still open, whether it went well, and the answer or error.
type Outcome = tuple[bool, bool, Any]


class Session:
    """Holds the write turn of *engine* from its first statement until it ends."""

    def __init__(self, engine: Engine, connection: OwnedConnection) -> None:
        self.engine = engine
        self.connection = connection

    @property
    def has_begun(self) -> bool:
        """Whether BEGIN was done; its end may be long past."""
        return self.connection.in_block

    async def run(
        self, controls: Sequence[str], work: Callable[[], Coroutine[Any, Any, Any]]
    ) -> Outcome:
        """Run the transaction control that was put off until now, then *work*."""
        try:
            for sql in controls:
                await self.connection.control(sql)
            answer = await work()
        except DatabaseError as error:
            return self.connection.in_transaction, False, pack_error(error)
        return self.connection.in_transaction, True, answer

    async def end(self) -> None:
        """Give the turn back; what is open is rolled back."""
        await self.engine.release(self.connection)
