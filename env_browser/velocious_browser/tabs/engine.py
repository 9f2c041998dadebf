"""A database of the tab that owns the files: its connections, for its own tasks and other tabs'.

Law: giving the files up takes one step in which nothing else runs. A transaction that was open then
is rolled back, and whoever goes on in it is told so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from velocious.database.sqlite.connection import SqliteConnection
from velocious.database.sqlite.driver import SqliteDriver
from velocious.errors import TransactionLostError
from velocious_browser.database.replacing import put_back

if TYPE_CHECKING:
    import sqlite3

    from velocious.database.driver import Connection
    from velocious.errors import DatabaseError


class GivenUpError(Exception):
    """This tab does not own the files any more."""


class OwnedConnection(SqliteConnection):
    """A connection that may be taken away from whoever uses it."""

    __slots__ = ("_lost",)
    _lost: bool

    @property
    def in_transaction(self) -> bool:
        return not self.is_lost and self.raw.in_transaction

    @property
    def is_lost(self) -> bool:
        return getattr(self, "_lost", False)

    def lose(self) -> None:
        """Close it under its user."""
        self._lost = True
        self.close()

    def failure(self, error: Exception, sql: str) -> DatabaseError:
        if self.is_lost:
            return TransactionLostError(self._settings.identifier)
        return super().failure(error, sql)


class Engine(SqliteDriver):
    """Opens the database that was there before an import which did not get to its end; opens
    itself again when somebody needs it who did not close it.
    """

    given_up = False

    @property
    def opened_reader(self) -> Connection | None:
        """The reader, while the database is open."""
        return self._reader

    async def ready(self) -> None:
        """Open it, unless it is open."""
        if self.given_up:
            raise GivenUpError
        if self._reader is None:
            await self.open()

    async def lease(self) -> OwnedConnection:
        while True:
            await self._turn.acquire()
            if isinstance(self._writer, OwnedConnection):
                return self._writer
            self._turn.release()
            await self.ready()

    def lease_if_free(self) -> OwnedConnection | None:
        """:meth:`lease` where nothing has to be waited for: nearly all statements go this way."""
        writer = self._writer
        if self._turn.held or writer is None:
            return None
        self._turn.held = True
        return cast("OwnedConnection", writer)

    def give_up(self) -> None:
        """Close it at once; an open transaction is rolled back."""
        self.given_up = True
        reader, self._reader = self._reader, None
        writer, self._writer = self._writer, None
        for connection in (reader, writer):
            if isinstance(connection, OwnedConnection):
                connection.lose()

    def make_writer(self, raw: sqlite3.Connection) -> OwnedConnection:
        return OwnedConnection(raw, self.settings, self.kinds)

    def make_reader(self, raw: sqlite3.Connection) -> OwnedConnection:
        return OwnedConnection(raw, self.settings, self.kinds)

    def _open(self, opened: list[sqlite3.Connection]) -> None:
        if not self.in_memory:
            put_back(self.path)
        super()._open(opened)
