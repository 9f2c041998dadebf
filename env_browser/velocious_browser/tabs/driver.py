"""A database that all tabs of an application share: run here by the owner, by request elsewhere.

Law: which of the two it is may change at any moment and without a reload; a statement or
transaction that is under way then ends well, or says that it was lost as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.database.driver import Capabilities
from velocious.database.fair_lock import FairLock
from velocious.database.sqlite.pragmas import pragmas_for
from velocious.sql.dialects.sqlite import SqliteDialect
from velocious_browser.tabs.engine import GivenUpError
from velocious_browser.tabs.key import connections_of, key_of
from velocious_browser.tabs.pace import Pace
from velocious_browser.tabs.tab import PRAGMAS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CoroutineType
    from typing import Any

    from velocious.database.driver import Connection, Introspector, Parameters, Result, Row
    from velocious.database.settings import DatabaseSettings
    from velocious.sql.dialects.base import Dialect
    from velocious_browser.tabs.engine import Engine
    from velocious_browser.tabs.remote import RemoteReader
    from velocious_browser.tabs.tab import Tab


class TabDriver:
    """The driver of the file at *path*, in *tab*."""

    pooled = False

    def __init__(self, settings: DatabaseSettings, path: str, tab: Tab) -> None:
        # What is configured wrongly is refused here, and not in the tab that opens the file.
        pragmas_for(settings, PRAGMAS)
        self.dialect: Dialect = SqliteDialect()
        self.capabilities = Capabilities(
            last_insert_id=True, stores_nul=True, announces_schema=True
        )
        self.tab = tab
        self.key = key_of(settings, path)
        self.name = connections_of(self.key)
        # The tasks of this tab; the owner then has the turns of the tabs.
        self._turn = FairLock()
        self.pace = Pace(tab.turn)
        self._reader = TabReader(self)
        self._leased_from: Engine | None = None

    @property
    def engine(self) -> Engine | None:
        """The database, where this tab owns the files."""
        return self.tab.engine(self.key, self.name)

    async def open(self) -> None:
        while True:
            engine = self.engine
            if engine is None:
                await self.tab.line.ask("open", self.key)
                return
            try:
                await engine.ready()
            except GivenUpError:
                continue
            return

    async def close(self) -> None:
        await self._turn.acquire()
        try:
            engine = self.engine
            if engine is not None:
                await engine.close()
        finally:
            self._turn.release()

    def reader(self) -> Connection:
        return self._reader

    async def lease(self) -> Connection:
        if self.pace.is_due():
            await self.pace.pause()
        if self._turn.held:
            await self._turn.acquire()
        else:
            self._turn.held = True
        engines = self.tab.engines
        if engines is not None and (engine := engines.get(self.name)) is not None:
            free = engine.lease_if_free()
            if free is not None:
                self._leased_from = engine
                return free
        try:
            while (engine := self.engine) is not None:
                try:
                    connection = await engine.lease()
                except GivenUpError:
                    continue
                self._leased_from = engine
                return connection
        except BaseException:
            self._turn.release()
            raise
        # Imported here: a tab that is alone never asks another one.
        from velocious_browser.tabs.remote import RemoteConnection

        return RemoteConnection(self.tab.line, self.key)

    async def release(self, connection: Connection) -> None:
        engine, self._leased_from = self._leased_from, None
        try:
            if engine is not None:
                engine.give_back()
            else:
                connection.leave()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        finally:
            self._turn.release()

    def introspector(self, connection: Connection) -> Introspector:
        # Imported late, as in the driver of SQLite.
        from velocious.database.sqlite.introspection import SqliteIntrospector

        return SqliteIntrospector(connection)


class TabReader:
    """Reads what is committed, wherever the database is at the moment."""

    __slots__ = ("_driver", "_remote")

    in_transaction = False

    def __init__(self, driver: TabDriver) -> None:
        self._driver = driver
        self._remote: RemoteReader | None = None

    def fetch(self, sql: str, params: Parameters = ()) -> CoroutineType[Any, Any, list[Row]]:
        # Not one coroutine inside another: nearly all reads of the owner go this way.
        driver = self._driver
        if driver.pace.is_due():
            return self._fetch_after_a_pause(sql, params)
        engines = driver.tab.engines
        if engines is not None:
            engine = engines.get(driver.name)
            if engine is not None and (reader := engine.opened_reader) is not None:
                return reader.fetch(sql, params)
        return self._fetch(sql, params)

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        return await (await self._current()).fetch_described(sql, params)

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        return await (await self._current()).execute(sql, params, unbounded=unbounded)

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        return await (await self._current()).execute_many(sql, rows)

    async def execute_script(self, sql: str) -> None:
        await (await self._current()).execute_script(sql)

    async def control(self, sql: str) -> None:
        await (await self._current()).control(sql)

    async def _fetch(self, sql: str, params: Parameters) -> list[Row]:
        return await (await self._current()).fetch(sql, params)

    async def _fetch_after_a_pause(self, sql: str, params: Parameters) -> list[Row]:
        await self._driver.pace.pause()
        return await self._fetch(sql, params)

    async def _current(self) -> Connection:
        engine = self._driver.engine
        if engine is not None:
            await self._driver.open()
            # It may have been given up meanwhile.
            if engine.opened_reader is not None:
                return engine.opened_reader
        if self._remote is None:
            from velocious_browser.tabs.remote import RemoteReader

            self._remote = RemoteReader(self._driver.tab.line, self._driver.key)
        return self._remote
