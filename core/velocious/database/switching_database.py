"""A database that is another one for each tenant, behind the name that models know.

Law: which one it is, is decided anew for each statement and each transaction; once begun, a
transaction stays where it is. All of them share one schema, which is read once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.current import tenant_scope_of
from velocious.database.announcements import Announcements
from velocious.database.database import Database
from velocious.errors import (
    ConfigurationError,
    NotNullConstraintError,
    StatementError,
    TenantError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from velocious.database.advisory_lock import AdvisoryLock
    from velocious.database.driver import Connection, Introspector, Parameters, Result, Row
    from velocious.database.pool_statistics import PoolStatistics
    from velocious.database.schema import Table
    from velocious.database.transaction import Transaction


class SwitchingDatabase(Database):
    """Sends everything to the database that *choose* names at the moment."""

    __slots__ = ("_choose",)

    def __init__(self, identifier: str, like: Database, choose: Callable[[], Database]) -> None:
        # Nothing of its own is opened: it has the name and the dialect of *like*, and tables.
        self.identifier = identifier
        self.settings = like.settings
        self.dialect = like.dialect
        self.capabilities = like.capabilities
        self.schema_version = 0
        self.followers = []
        self.place = like.place
        self.changes = like.changes
        self.announcements = Announcements(self)
        self._tables = {}
        self._choose = choose

    def __repr__(self) -> str:
        return f"<SwitchingDatabase {self.identifier!r}>"

    # The whole database

    async def open(self) -> None:
        if self.is_here():
            await self._choose().open()

    def is_here(self) -> bool:
        """Whether there is a database to use now: False outside of tenants that it is for."""
        try:
            self._choose()
        except TenantError:
            return False
        return True

    async def close(self) -> None:
        await self._choose().close()

    def statistics(self) -> PoolStatistics | None:
        return self._choose().statistics()

    async def create(self) -> bool:
        return await self._choose().create()

    async def drop(self) -> bool:
        return await self._choose().drop()

    # Statements

    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        database = self._choose()
        try:
            return await database.fetch(sql, params)
        except StatementError as error:
            await self._explain(database, error)
            raise

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        return await self._choose().fetch_described(sql, params)

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        database = self._choose()
        try:
            return await database.execute(sql, params, unbounded=unbounded)
        except StatementError as error:
            await self._explain(database, error)
            raise

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        database = self._choose()
        try:
            return await database.execute_many(sql, rows)
        except StatementError as error:
            await self._explain(database, error)
            raise

    async def execute_script(self, sql: str) -> None:
        await self._choose().execute_script(sql)

    # Transactions, connections and locks

    def transaction(self) -> Transaction:
        return self._choose().transaction()

    def current_transaction(self) -> Transaction | None:
        return self._choose().current_transaction()

    async def lease(self) -> Connection:
        return await self._choose().lease()

    async def release(self, connection: Connection) -> None:
        await self._choose().release(connection)

    def current_connection(self) -> Connection:
        return self._choose().current_connection()

    async def ensure_global_connection(self) -> None:
        if self.is_here():
            await self._choose().ensure_global_connection()

    def advisory_lock(
        self, name: str, timeout: float | None = None, *, or_fail: bool = False
    ) -> AdvisoryLock:
        return self._choose().advisory_lock(name, timeout, or_fail=or_fail)

    # Schema

    async def introspect(self) -> Introspector:
        return await self._choose().introspect()

    async def table(self, name: str) -> Table:
        known = self._tables.get(name)
        if known is not None:
            return known
        version = self.schema_version
        database = self._choose()
        found = await database.table(name)
        # Some are known only now that it is open.
        self.capabilities = database.capabilities
        if version == self.schema_version:
            self._tables[name] = found
        return found

    async def table_names(self) -> list[str]:
        return await self._choose().table_names()

    def forget_schema(self) -> None:
        self._choose().forget_schema()

    async def _explain(self, database: Database, error: StatementError) -> None:
        """Raise TenantSchemaError where *error* comes of a table that is not like those of the
        other tenants.
        """
        if type(error) not in (StatementError, NotNullConstraintError):
            return
        # Imported late: only what goes wrong needs it.
        from velocious.database.tenant_schema import check_schema

        await check_schema(database, self._tables, error)


def tenant_switch(base: Database, owner: object) -> SwitchingDatabase:
    """*base*, or inside a tenant's block what stands in for it there; *owner* is the configuration
    whose tenants they are.
    """

    def choose() -> Database:
        scope = tenant_scope_of(owner)
        own = None if scope is None else scope.databases.get(base)
        if own is None and base.settings.tenants_only:
            raise TenantError(
                f"The database {base.identifier!r} is for tenants only, and this task works for "
                "none that has one. Work inside `async with configuration.run_with_tenant(…):`."
            )
        return own or base

    switch = SwitchingDatabase(base.identifier, base, choose)
    base.followers.append(switch)
    return switch


def model_switch(
    base: Database,
    owner: object,
    find: Callable[[str], Database],
    given: str | Callable[[Any], str | None],
) -> SwitchingDatabase:
    """*base*, or inside a tenant's block the database that *given* names, or that it returns for
    the tenant.
    """

    def choose() -> Database:
        scope = tenant_scope_of(owner)
        if scope is None or scope.tenant is None:
            return base
        identifier = given if isinstance(given, str) else given(scope.tenant)
        if identifier is None:
            return base
        chosen = check_same_dialect(find(identifier), base)
        if switch not in chosen.followers:
            chosen.followers.append(switch)
        return chosen

    name = given if isinstance(given, str) else getattr(given, "__qualname__", repr(given))
    switch = SwitchingDatabase(f"{base.identifier} or {name}", base, choose)
    base.followers.append(switch)
    return switch


def check_same_dialect(database: Database, like: Database) -> Database:
    """*database*. Raises ConfigurationError where it speaks another SQL than *like*."""
    if type(database.dialect) is not type(like.dialect):
        raise ConfigurationError(
            f"The database {database.identifier!r} ({database.settings.scheme}) cannot stand in "
            f"for {like.identifier!r} ({like.settings.scheme}): what is compiled for one does not "
            "run on the other. Keep all tenants on one kind of database."
        )
    return database
