"""The statements of a database, and how long each took, for whoever listens.

Law: a database that nobody ever listened to runs without any of this. What a listener is told comes
after the statement; it is quick, and changes nothing.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from velocious.database.driver import (
        Capabilities,
        Connection,
        Driver,
        Introspector,
        Parameters,
        Result,
        Row,
    )

    type StatementListener = Callable[[Heard], object]


class Heard(NamedTuple):
    """A statement that was run.

    Attributes:
        database: the identifier of its database.
        parameters: its values; of many rows none.
        seconds: from the call to the answer.
        rows: how many rows it returned or changed; None where the database does not say.
        failed: whether it raised an error.
    """

    database: str
    sql: str
    parameters: Parameters
    seconds: float
    rows: int | None
    failed: bool


class HeardDriver:
    """A driver whose connections say what they run."""

    def __init__(self, driver: Driver, database: str) -> None:
        self._driver = driver
        self._database = database
        self._listeners: list[StatementListener] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)

    @property
    def capabilities(self) -> Capabilities:
        return self._driver.capabilities

    def listen(self, listener: StatementListener) -> Callable[[], None]:
        """Call *listener* with each :class:`Heard`; what is returned ends that."""
        self._listeners.append(listener)
        return partial(self._end, listener)

    def tell(self, sql: str, parameters: Parameters, began: float, rows: int | None) -> None:
        """*sql*, begun at *began* of the performance counter, is over."""
        self._tell(Heard(self._database, sql, parameters, _since(began), rows, failed=False))

    def tell_failure(self, sql: str, parameters: Parameters, began: float) -> None:
        """*sql* has raised an error."""
        self._tell(Heard(self._database, sql, parameters, _since(began), None, failed=True))

    def _tell(self, heard: Heard) -> None:
        for listener in tuple(self._listeners):
            listener(heard)

    def _end(self, listener: StatementListener) -> None:
        if listener in self._listeners:
            self._listeners.remove(listener)

    # Connections

    def reader(self) -> Connection:
        return HeardConnection(self._driver.reader(), self)

    async def lease(self) -> Connection:
        return HeardConnection(await self._driver.lease(), self)

    async def release(self, connection: Connection) -> None:
        await self._driver.release(_plain(connection))

    def introspector(self, connection: Connection) -> Introspector:
        # Questions about the schema are ours, not the application's.
        return self._driver.introspector(_plain(connection))


class HeardConnection:
    """A connection that tells its driver what it runs."""

    __slots__ = ("_driver", "plain")

    def __init__(self, plain: Connection, driver: HeardDriver) -> None:
        self.plain = plain
        self._driver = driver

    def __getattr__(self, name: str) -> Any:
        return getattr(self.plain, name)

    @property
    def in_transaction(self) -> bool:
        return self.plain.in_transaction

    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        began = time.perf_counter()
        try:
            rows = await self.plain.fetch(sql, params)
        except BaseException:
            self._driver.tell_failure(sql, params, began)
            raise
        self._driver.tell(sql, params, began, len(rows))
        return rows

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        began = time.perf_counter()
        try:
            names, rows = await self.plain.fetch_described(sql, params)
        except BaseException:
            self._driver.tell_failure(sql, params, began)
            raise
        self._driver.tell(sql, params, began, len(rows))
        return names, rows

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        began = time.perf_counter()
        try:
            result = await self.plain.execute(sql, params, unbounded=unbounded)
        except BaseException:
            self._driver.tell_failure(sql, params, began)
            raise
        self._driver.tell(sql, params, began, result.rowcount if result.rowcount >= 0 else None)
        return result

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        began = time.perf_counter()
        try:
            changed = await self.plain.execute_many(sql, rows)
        except BaseException:
            self._driver.tell_failure(sql, (), began)
            raise
        self._driver.tell(sql, (), began, changed)
        return changed

    async def execute_script(self, sql: str) -> None:
        began = time.perf_counter()
        try:
            await self.plain.execute_script(sql)
        except BaseException:
            self._driver.tell_failure(sql, (), began)
            raise
        self._driver.tell(sql, (), began, None)

    async def execute_unchecked(self, statements: Sequence[str]) -> None:
        """Of SQLite's connections: what a rebuild of a table runs."""
        began = time.perf_counter()
        text = ";\n".join(statements)
        plain: Any = self.plain
        try:
            await plain.execute_unchecked(statements)
        except BaseException:
            self._driver.tell_failure(text, (), began)
            raise
        self._driver.tell(text, (), began, None)

    async def control(self, sql: str) -> None:
        began = time.perf_counter()
        try:
            await self.plain.control(sql)
        except BaseException:
            self._driver.tell_failure(sql, (), began)
            raise
        self._driver.tell(sql, (), began, None)


def _plain(connection: Connection) -> Connection:
    return connection.plain if isinstance(connection, HeardConnection) else connection


def _since(began: float) -> float:
    return time.perf_counter() - began
