"""``ConfiguredDatabases``: what ``Configuration(databases={…})`` says, as databases.

Law: making them opens none; each opens itself when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.database.database import Database
from velocious.database.settings import parse_settings
from velocious.errors import ConfigurationError, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from velocious.configuration import Configuration
    from velocious.database.settings import DatabaseSettings
    from velocious.database.tenancy import Tenancy, TenantDatabaseResolver
    from velocious.frontend_model.backend import Backend

type Given = Mapping[str, str | Mapping[str, Any]]


class ConfiguredDatabases:
    """The databases of *configuration*, and those of its tenants.

    Attributes:
        by_identifier: what models and commands ask for.
        tenancy: which databases a tenant has; None where there are no tenants.
    """

    def __init__(
        self,
        configuration: Configuration,
        given: Given | None,
        resolver: TenantDatabaseResolver | None,
        tenant_limit: int,
    ) -> None:
        self._configuration = configuration
        self._drivers = configuration.environment_handler.drivers()
        self._made: list[Database] = []
        self._of_models: dict[Any, Database] = {}
        self.tenancy = self._make_tenancy(resolver, tenant_limit)
        #: What stands in the place of databases whose rows are elsewhere.
        self.backends: dict[str, Backend] = {}
        self.by_identifier: dict[str, Database] = {}
        self._make(given)

    def find(self, identifier: str) -> Database:
        """The database called *identifier*. Raises ConfigurationError with close matches."""
        try:
            return self.by_identifier[identifier]
        except KeyError:
            backend: Any = self.backends.get(identifier)
            if backend is not None:
                return backend
            raise ConfigurationError(
                f"There is no database {identifier!r}. "
                f"{suggestion(identifier, self.by_identifier)} "
                "Name it in Configuration(databases={…})."
            ) from None

    def of_model(
        self, model: type[Any], identifier: str, tenant: str | Callable[[Any], str | None]
    ) -> Database:
        """See :meth:`velocious.configuration.Configuration.model_database`."""
        key = (model, identifier, tenant)
        found = self._of_models.get(key)
        if found is None:
            from velocious.database.switching_database import model_switch

            found = model_switch(self.find(identifier), self._configuration, self.find, tenant)
            self._of_models[key] = found
        return found

    async def close(self) -> None:
        """Close all of them."""
        if self.tenancy is not None:
            await self.tenancy.databases.close()
        for database in self._made:
            await database.close()
        for backend in self.backends.values():
            await backend.close()

    def add_backend(self, identifier: str, given: Any) -> Backend:
        """The backend *identifier*, with the settings *given*. Raises ConfigurationError."""
        if identifier in self.by_identifier:
            raise ConfigurationError(
                f"{identifier!r} is a database already. Give the backend another name."
            )
        backend = self.backends[identifier] = self._configuration.make_backend(identifier, given)
        return backend

    def _make(self, given: Given | None) -> None:
        urls = given or {"default": f"sqlite:///db/{self._configuration.environment}.sqlite3"}
        databases = self.by_identifier
        for identifier, url in urls.items():
            if not isinstance(url, str) and "backend" in url:
                self.add_backend(identifier, url)
                continue
            database = self._make_one(parse_settings(identifier, url))
            self._made.append(database)
            tenancy = self.tenancy
            databases[identifier] = tenancy.add(database, url) if tenancy else database

    def _make_one(self, settings: DatabaseSettings) -> Database:
        factory = self._drivers.get(settings.scheme)
        if factory is None:
            raise ConfigurationError(
                f"The database {settings.identifier!r} is {settings.scheme!r}, for which the "
                f"{self._configuration.environment_handler.name} environment has no driver. "
                f"It has: {', '.join(sorted(self._drivers))}."
            )
        return Database(settings, factory, self._configuration.files, self._configuration.changes)

    def _make_tenancy(self, resolver: TenantDatabaseResolver | None, limit: int) -> Tenancy | None:
        if limit < 1:
            raise ConfigurationError(f"tenant_limit={limit!r} is no number of databases from 1 on.")
        if resolver is None:
            return None
        # Imported here: most applications have no tenants.
        from velocious.database.tenancy import Tenancy

        return Tenancy(self._configuration, resolver, limit, self._make_one)
