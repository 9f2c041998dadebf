"""Which databases a tenant has: asks the application, and keeps what it says open.

Law: settings that the application changes for a tenant replace those of the database as a whole or
not at all; a tenant with a URL of its own never reads the replicas of another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from contextlib import asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol, cast

from velocious.current import TenantScope, tenant_scope
from velocious.database.held_connections import let_go
from velocious.database.settings import parse_settings
from velocious.database.switching_database import check_same_dialect, tenant_switch
from velocious.database.tenant_databases import TenantDatabases
from velocious.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from velocious.database.database import Database
    from velocious.database.settings import DatabaseSettings
    from velocious.database.switching_database import SwitchingDatabase


class TenantDatabaseResolver(Protocol):
    """Says where a tenant's rows are; may be ``async``."""

    def __call__(
        self, *, identifier: str, settings: dict[str, Any], tenant: Any
    ) -> str | Mapping[str, Any] | None | Awaitable[str | Mapping[str, Any] | None]:
        """A URL, or settings that take the place of those among *settings* (what the configuration
        says of the database *identifier*); None: the tenant has no such database of its own.
        """
        ...


class Tenancy:
    """The databases of the tenants of one configuration."""

    def __init__(
        self,
        owner: object,
        resolver: TenantDatabaseResolver,
        limit: int,
        make: Callable[[DatabaseSettings], Database],
    ) -> None:
        self._owner = owner
        self._resolver = resolver
        self._make = make
        self._given: dict[str, dict[str, Any]] = {}
        self._bases: dict[str, Database] = {}
        self._switches: dict[str, SwitchingDatabase] = {}
        self.databases = TenantDatabases(limit)
        self._several = asyncio.Lock()

    def add(self, base: Database, given: str | Mapping[str, Any]) -> SwitchingDatabase:
        """What stands for *base*, whose settings are *given*, from now on."""
        identifier = base.identifier
        self._given[identifier] = {"url": given} if isinstance(given, str) else dict(given)
        self._bases[identifier] = base
        switch = self._switches[identifier] = tenant_switch(base, self._owner)
        return switch

    async def find_databases(self, scope: TenantScope) -> None:
        """Fill in the databases of the scope's tenant.

        Raises:
            ConfigurationError: the application answered with what is no database.
            TenantLimitError: too many are in use.
        """
        wanted: list[tuple[Database, DatabaseSettings]] = []
        for identifier, base in self._bases.items():
            settings = await self._ask(identifier, scope.tenant)
            if settings is not None:
                wanted.append((base, settings))
        if len(wanted) > self.databases.limit:
            raise ConfigurationError(
                f"A tenant has {len(wanted)} databases of its own, but only "
                f"{self.databases.limit} may be open. Allow more: Configuration(tenant_limit=…)."
            )
        # Who needs several takes them alone: two that have one each would wait for each other.
        async with self._several if len(wanted) > 1 else nullcontext():
            try:
                for base, settings in wanted:
                    scope.databases[base] = await self._database(base, settings)
            except BaseException:
                await self.leave(scope)
                raise

    async def _database(self, base: Database, settings: DatabaseSettings) -> Database:
        make = _Maker(self._make, settings, self._switches[base.identifier])
        database = await self.databases.acquire(settings, make)
        try:
            return check_same_dialect(database, base)
        except ConfigurationError:
            self.databases.release(database)
            raise

    async def leave(self, scope: TenantScope) -> None:
        """Give the databases of *scope* back."""
        for database in scope.databases.values():
            await let_go(database)
            self.databases.release(database)

    async def _ask(self, identifier: str, tenant: Any) -> DatabaseSettings | None:
        given = self._given[identifier]
        answer: Any = self._resolver(identifier=identifier, settings=dict(given), tenant=tenant)
        if isinstance(answer, Awaitable):
            answer = await cast("Awaitable[object]", answer)
        if answer is None:
            return None
        if isinstance(answer, str):
            answer = {"url": answer}
        if not isinstance(answer, Mapping):
            raise ConfigurationError(
                f"tenant_database_resolver returned a {type(answer).__name__} for the database "
                f'{identifier!r}. Return a URL, a mapping such as {{"url": …}}, or None.'
            )
        changed = cast("Mapping[str, Any]", answer)
        merged = {**given, **changed}
        if "url" in changed and "replicas" not in changed:
            merged.pop("replicas", None)
        return parse_settings(identifier, merged)


class _Maker:
    """Makes the database of a tenant, whose tables everybody shares."""

    def __init__(
        self,
        make: Callable[[DatabaseSettings], Database],
        settings: DatabaseSettings,
        switch: SwitchingDatabase,
    ) -> None:
        self._make = make
        self._settings = settings
        self._switch = switch

    def __call__(self) -> Database:
        database = self._make(self._settings)
        database.followers.append(self._switch)
        return database


@asynccontextmanager
async def tenant_block(owner: object, tenancy: Tenancy | None, tenant: Any) -> AsyncGenerator[Any]:
    """The block in which the running task works for *tenant*."""
    scope = TenantScope(owner, tenant)
    if tenancy is not None and tenant is not None:
        await tenancy.find_databases(scope)
    tenant_scope.set(scope)
    try:
        yield tenant
    finally:
        scope.ended = True
        tenant_scope.set(scope.outer)
        if tenancy is not None:
            await tenancy.leave(scope)
