"""``configuration.changes``: says what has changed in the databases, after it was committed.

Law: never before a commit, never for what was rolled back or only read; when in doubt, too much
counts as changed rather than too little. Who listens changes nothing: a callback that fails is
logged, and what was written stays written.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    type Listener = Callable[["Change"], object]

_log = logging.getLogger("velocious.changes")


@dataclass(frozen=True, slots=True)
class Change:
    """Something was committed.

    Attributes:
        database: the identifier of the database; None: any of them.
        tables: the tables with other rows now, and the views that may show them; None: any table,
            because nobody knows (a script, a migration, a trigger).
        place: the database's URL without secrets: that of a tenant is another one. None: any.
        foreign: whether it was committed elsewhere: in another tab of the application.
    """

    database: str | None
    tables: frozenset[str] | None
    place: str | None = None
    foreign: bool = False


class Changes:
    """Who is told of changes.

    ::

        def look(change):
            print(change.database, change.tables)


        unsubscribe = configuration.changes.subscribe(look)

    Attributes:
        listening: whether anybody is told; nothing is worked out for nobody.
    """

    __slots__ = ("_entries", "listening")

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self.listening = False

    def __len__(self) -> int:
        """How many are told."""
        return len(self._entries)

    def __bool__(self) -> bool:
        return True

    def subscribe(
        self, listener: Listener, *, closed: Callable[[], object] | None = None
    ) -> Callable[[], None]:
        """Call *listener* with each :class:`Change`, on the event loop, right after the commit;
        what is returned ends that. *closed* is called when the configuration closes.

        It is a plain function and should be quick: the one who committed waits for it.
        """
        entry = _Entry(listener, closed)
        self._entries.append(entry)
        self.listening = True
        return partial(self._end, entry)

    def publish(self, change: Change) -> None:
        """Tell everybody of *change*: also for what was written past Velocious."""
        for entry in tuple(self._entries):
            try:
                entry.listener(change)
            except Exception:
                _log.exception("A listener to changes failed: %r", entry.listener)

    def everything(self, database: str | None = None) -> None:
        """Say that anything may have changed here, in *database* or in all of them: after a sleep,
        or when the files were replaced. Other tabs are not told.
        """
        if self.listening:
            self.publish(Change(database, None, foreign=True))

    def close(self) -> None:
        """Tell everybody that nothing follows."""
        entries, self._entries = self._entries, []
        self.listening = False
        for entry in entries:
            if entry.closed is not None:
                entry.closed()

    def _end(self, entry: _Entry) -> None:
        if entry in self._entries:
            self._entries.remove(entry)
            self.listening = bool(self._entries)


class _Entry:
    """One who is told; equal to no other."""

    __slots__ = ("closed", "listener")

    def __init__(self, listener: Listener, closed: Callable[[], object] | None) -> None:
        self.listener = listener
        self.closed = closed
