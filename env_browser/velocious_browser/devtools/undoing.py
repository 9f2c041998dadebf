"""What can be taken back, by number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.database.database import Database

    type Inverse = Callable[[], Awaitable[object]]

#: Older changes cannot be taken back.
LONGEST = 100


class Undoing:
    """The inverses of the newest changes."""

    def __init__(self) -> None:
        self._inverses: dict[int, tuple[Database, Inverse]] = {}
        self._last = 0

    def add(self, database: Database, inverse: Inverse) -> int:
        """Remember how a change of *database* is taken back; the number under which it is."""
        self._last += 1
        self._inverses[self._last] = database, inverse
        while len(self._inverses) > LONGEST:
            del self._inverses[next(iter(self._inverses))]
        return self._last

    async def undo(self, number: int) -> None:
        """Take the change *number* back, once.

        Raises:
            CommandError: it was taken back already, or is too long ago.
        """
        found = self._inverses.get(number)
        if found is None:
            raise CommandError(
                f"The change {number} cannot be taken back: it was already, or {LONGEST} others "
                "came after it. Edit the row instead."
            )
        database, inverse = found
        async with database.transaction():
            await inverse()
        self._inverses.pop(number, None)
