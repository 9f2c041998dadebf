"""The connections of a tab that does not own the files: every statement is a request to the owner.

Law: what the port promises of a connection holds here, too. Transaction control is put off until
the next statement, so that a transaction costs one message for each statement and one for COMMIT.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from velocious.database.driver import Result
from velocious.database.sqlite.statement_kind import READ, StatementKinds, first_word
from velocious.errors import TransactionLostError
from velocious_browser.tabs.wire import plain_row, unpack_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from velocious.database.driver import Parameters, Row
    from velocious_browser.tabs.key import Key
    from velocious_browser.tabs.line import Line
    from velocious_browser.tabs.session import Outcome

_BARE = frozenset({"PRAGMA", "VACUUM", "ATTACH", "DETACH"})
_kinds = StatementKinds()
_sessions = count(1)


class RemoteConnection:
    """A connection for one writer or transaction of this tab."""

    def __init__(self, line: Line, key: Key) -> None:
        self._line = line
        self._key = key
        #: Transaction control that the owner has not heard yet.
        self._controls: list[str] = []
        self._session = 0
        self._generation = 0
        self._is_begun = False
        self._is_open = False
        self._is_lost = False

    @property
    def in_transaction(self) -> bool:
        return self._is_begun

    @property
    def _is_inside(self) -> bool:
        """Whether a statement belongs to a transaction, be it one that has failed."""
        return self._is_begun or self._is_open or self._is_lost

    # Statements

    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        params = plain_row(params, sql)
        if self._is_inside:
            return await self._inside("fetch", sql, params)
        return await self._line.ask("read", self._key, "fetch", sql, params)

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        params = plain_row(params, sql)
        if self._is_inside:
            return await self._inside("fetch_described", sql, params)
        return await self._line.ask("read", self._key, "fetch_described", sql, params)

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        return Result(*await self._run(sql, "execute", sql, plain_row(params, sql)))

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        return await self._run(sql, "execute_many", sql, [plain_row(row, sql) for row in rows])

    async def execute_script(self, sql: str) -> None:
        await self._run("", "execute_script", sql)

    async def execute_unchecked(self, statements: Sequence[str]) -> None:
        """As of :class:`velocious.database.sqlite.connection.SqliteConnection`."""
        await self._run("", "execute_unchecked", list(statements))

    async def _run(self, sql: str, operation: str, *arguments: Any) -> Any:
        if self._is_inside:
            return await self._inside(operation, *arguments)
        kind = "bare" if _is_bare(sql) else "write"
        return await self._line.ask(kind, self._key, operation, *arguments)

    # Transactions

    async def control(self, sql: str) -> None:
        if sql == "BEGIN":
            self._is_begun = True
            self._session = next(_sessions)
            self._controls = [sql]
            return
        self._check()
        if sql == "COMMIT":
            await self._commit()
        elif sql == "ROLLBACK":
            self.leave()
        else:
            self._controls.append(sql)

    def leave(self) -> None:
        """End what is open, undoing it; the owner need not answer."""
        if self._is_open:
            self._line.tell("leave", self._session)
        self._is_begun = self._is_open = self._is_lost = False
        self._controls = []

    async def _inside(self, operation: str, *arguments: Any) -> Any:
        self._check()
        controls, self._controls = tuple(self._controls), []
        self._is_open = True
        self._generation = self._line.generation
        request = ("in", self._key, self._session, controls, operation, *arguments)
        try:
            outcome = await self._line.ask(*request)
        except TransactionLostError:
            self._lose()
            raise
        # Another owner that took the first request up has the transaction now.
        self._generation = self._line.generation
        return self._take(outcome)

    async def _commit(self) -> None:
        if not self._is_open:
            # Nothing was done in it.
            self.leave()
            return
        controls, self._controls = tuple(self._controls), []
        request = ("end", self._key, self._session, controls)
        try:
            outcome, cancelled = await self._line.ask_to_the_end(*request)
        except TransactionLostError:
            self._lose()
            raise
        self._is_open = outcome[0]
        if cancelled is not None:
            self._is_begun = outcome[0]
            raise cancelled
        self._take(outcome)

    def _take(self, outcome: Outcome) -> Any:
        self._is_begun, is_good, value = outcome
        if not is_good:
            raise unpack_error(value)
        return value

    def _check(self) -> None:
        """Raise where the transaction went away with the tab that had it."""
        if self._is_open and self._generation != self._line.generation:
            self._lose()
        if self._is_lost:
            raise TransactionLostError(self._key[0])

    def _lose(self) -> None:
        self._is_lost = True
        self._is_begun = self._is_open = False


class RemoteReader:
    """Reads what is committed."""

    in_transaction = False

    def __init__(self, line: Line, key: Key) -> None:
        self._line = line
        self._key = key

    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        return await self._line.ask("read", self._key, "fetch", sql, plain_row(params, sql))

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        params = plain_row(params, sql)
        return await self._line.ask("read", self._key, "fetch_described", sql, params)

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        answer = await self._line.ask("read", self._key, "execute", sql, plain_row(params, sql))
        return Result(*answer)

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        listed = [plain_row(row, sql) for row in rows]
        return await self._line.ask("read", self._key, "execute_many", sql, listed)

    async def execute_script(self, sql: str) -> None:
        await self._line.ask("read", self._key, "execute_script", sql)

    async def control(self, sql: str) -> None:
        await self._line.ask("read", self._key, "control", sql)


def _is_bare(sql: str) -> bool:
    """Whether it cannot, or need not, run in a transaction."""
    return _kinds[sql] == READ or first_word(sql) in _BARE
