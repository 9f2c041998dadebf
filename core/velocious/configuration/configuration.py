"""The configuration of an application: which environment, which databases, which models.

Law: the environment is passed in, never detected; an unknown keyword raises.
"""

from __future__ import annotations

import os
import sys
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Self

from velocious import current
from velocious.configuration.application import application_name, import_application
from velocious.configuration.log import ApplicationLog, parse_log_level
from velocious.database.changes import Changes
from velocious.database.configured_databases import ConfiguredDatabases
from velocious.record.registry import ModelRegistry
from velocious.secret import Secret
from velocious.translation.catalogue import as_messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

    from starlette.types import ASGIApp

    from velocious.authorization.ability import Ability
    from velocious.authorization.resolving import AbilityResolver
    from velocious.clock import Clock
    from velocious.database.change_relay import ChangeRelay
    from velocious.database.database import Database
    from velocious.database.held_connections import ConnectionBlock
    from velocious.database.tenancy import TenantDatabaseResolver
    from velocious.environment import EnvironmentHandler
    from velocious.error_events import ErrorEvents
    from velocious.files import Files
    from velocious.frontend_model.backend import Backend
    from velocious.http_settings import HttpSettings
    from velocious.install_settings import InstallSettings
    from velocious.migration.provider import MigrationProvider
    from velocious.realtime.application import ApplicationRealtime
    from velocious.realtime.channel import Channel
    from velocious.realtime.hub import Hub
    from velocious.realtime.settings import RealtimeSettings
    from velocious.realtime.tickets import Tickets
    from velocious.record.attachments.registry import Attachments
    from velocious.record.record import Record
    from velocious.record.schema import ModelSchema
    from velocious.resource.registry import Resources
    from velocious.resource.resource import Resource
    from velocious.resource.settings import ResourceSettings
    from velocious.routing.routes import Routes
    from velocious.routing.urls import Urls
    from velocious.translation.catalogue import Messages
    from velocious.view.views import Views

    #: Called with ``request`` and ``params``; it returns the tenant, or None; may be ``async``.
    type TenantResolver = Callable[..., Any]
    #: Called with what it takes; it returns an ability, or None; may be ``async``.
    type AbilityFunction = Callable[..., Any]


class Configuration:
    """Everything an application needs to run, and its open databases.

    ::

        async with Configuration(environment_handler=NodeEnvironmentHandler()) as configuration:
            await Task.count()

    Arguments:
        environment_handler: the ports of the place it runs in.
        name: the application's name (lower-case letters, digits, ``-`` and ``_``). A browser keeps
            the application's data under it: keep it for good. By default the directory's name.
        environment: ``"development"``, ``"test"``, ``"production"`` or a name of yours;
            VELOCIOUS_ENV by default.
        directory: the application's root, or None for use as a library.
        databases: identifier → URL or mapping (see
            :class:`velocious.database.settings.DatabaseSettings`); a mapping with ``backend``
            names one that another server keeps (see
            :class:`velocious.frontend_model.settings.BackendSettings`).
        models: the record classes, where they are not found in ``app/models``.
        routes: the application's routes, where they are not in ``app/config/routes.py``.
        http: how requests are answered (see
            :class:`velocious.http_settings.HttpSettings`).
        channels: the classes of channels, where they are not found in ``app/channels``.
        realtime: limits and deadlines of connections (see
            :class:`velocious.realtime.RealtimeSettings`).
        resources: what clients get of models, where it is not found in ``app/resources`` (see
            :class:`velocious.resource.Resource`).
        frontend_models: where clients ask for resources, and how much at a time (see
            :class:`velocious.resource.settings.ResourceSettings`).
        browser: paths below *directory* that the browser may get (files and folders); nothing else
            is ever sent.
        install: how it looks when a person installs it from the browser (see
            :class:`velocious.install_settings.InstallSettings`).
        devtools: whether browsers get the developer tools: by default the page
            ``/velocious/devtools.html`` in development and tests, and ``velociousCLI`` in the
            browser's console everywhere; True: both everywhere; False: neither.
        memory_snapshot: whether a browser keeps what Python has in memory after its first imports,
            and begins its next visits with it (False).
        cohort_loading: whether the first awaited load of a relationship serves all records of the
            same result (True).
        log_level: the least severe level that is logged (``"info"``).
        locale: the language of messages and translated attributes, where
            :func:`velocious.translation.use_locale` says nothing else.
        locale_fallbacks: locale → those to ask where it has no text.
        attachments: storages for the files of records, by name (see
            :class:`velocious.record.attachments.registry.Attachments`).
        messages: a table of texts per locale (see :class:`velocious.translation.Catalogue`), or a
            source of your own.
        ability_resolver: says whose a request, a connection or a job is, and what they may do: it
            returns an Ability or None. It is called with those of ``request``, ``params``,
            ``controller``, ``user``, ``connection``, ``subscription`` and ``job`` that it takes,
            when something first needs to know; an ``async`` one before each action.
        tenant_resolver: says whose a request is: called with ``request`` and ``params``.
        tenant_database_resolver: says where a tenant's rows are: called with ``identifier``,
            ``settings`` and ``tenant``.
        tenants: returns all tenants, for `velocious tenants:migrate`; may be ``async``.
        tenant_limit: most databases of tenants that are open at once.
        secret: what tokens, cookies and sessions are signed with, VELOCIOUS_SECRET by default; 32
            characters at least. In development, tests and browsers an installation makes one of its
            own (``tmp/.secret``). With a list the first one signs, and what the others signed stays
            valid. Never write it into a file that *browser* lists.

    Raises:
        ConfigurationError: for settings that do not make sense.
    """

    def __init__(
        self,
        *,
        environment_handler: EnvironmentHandler,
        name: str | None = None,
        environment: str | None = None,
        directory: str | None = None,
        databases: Mapping[str, str | Mapping[str, Any]] | None = None,
        models: Iterable[type[Record]] = (),
        routes: Routes | None = None,
        http: Mapping[str, Any] | HttpSettings | None = None,
        channels: Iterable[type[Channel]] = (),
        realtime: Mapping[str, Any] | RealtimeSettings | None = None,
        resources: Iterable[type[Resource]] = (),
        frontend_models: Mapping[str, Any] | ResourceSettings | None = None,
        browser: Sequence[str] = (),
        install: Mapping[str, Any] | InstallSettings | None = None,
        devtools: bool | None = None,
        memory_snapshot: bool = False,
        cohort_loading: bool = True,
        log_level: str = "info",
        locale: str = "en",
        locale_fallbacks: Mapping[str, Sequence[str]] | None = None,
        messages: Messages | Mapping[str, Any] | None = None,
        ability_resolver: AbilityFunction | None = None,
        tenant_resolver: TenantResolver | None = None,
        tenant_database_resolver: TenantDatabaseResolver | None = None,
        tenants: Callable[[], Any] | None = None,
        tenant_limit: int = 50,
        secret: str | Sequence[str] | None = None,
        attachments: Mapping[str, Any] | None = None,
    ) -> None:
        self.environment_handler = environment_handler
        self.environment = environment or os.environ.get("VELOCIOUS_ENV") or "development"
        self.name = application_name(name)
        self.directory = directory
        self._routes = routes
        #: Settings as they were given, by the property that reads them.
        self._given: dict[str, Any] = {
            "http": http,
            "realtime_settings": realtime,
            "install": install,
            "resource_settings": frontend_models,
            "attachments": attachments,
        }
        self._channels = tuple(channels)
        self._realtime: ApplicationRealtime | None = None
        #: What clients get of models, as far as it was named here.
        self.given_resources = tuple(resources)
        self._resources: Resources | None = None
        #: Says what has changed in the databases, after it was committed.
        self.changes = Changes()
        self._relay: ChangeRelay | None = None
        self.browser = tuple(browser)
        self.devtools = devtools
        self.memory_snapshot = memory_snapshot
        self.cohort_loading = cohort_loading
        self.log_level = parse_log_level(log_level)
        self.locale = locale
        self.locale_fallbacks = {
            name: tuple(them) for name, them in (locale_fallbacks or {}).items()
        }
        self.messages: Messages = as_messages(messages)
        # An empty variable is one that nobody filled in.
        self.secret = Secret(
            secret or os.environ.get("VELOCIOUS_SECRET") or None,
            own=partial(environment_handler.own_secret, directory, self.environment),
        )
        self.models = ModelRegistry(models)
        #: Name of a model → the backend that has its rows, whatever database its class names.
        self.remote_models: dict[str, Backend] = {}
        #: Model → its table, as it was read for this configuration.
        self.schemas: dict[Any, ModelSchema] = {}
        self.files: Files = environment_handler.files(directory)
        self.clock: Clock = environment_handler.clock()
        self.ability_resolver = ability_resolver
        self._abilities: AbilityResolver | None = None
        self.tenant_resolver = tenant_resolver
        self._tenants = tenants
        self._databases = ConfiguredDatabases(
            self, databases, tenant_database_resolver, tenant_limit
        )
        self._check_given()
        self._log = ApplicationLog(environment_handler.log_sink(directory))
        self._depth = 0

    @staticmethod
    def current() -> Configuration:
        """The configuration in use. Raises CurrentConfigurationNotSetError where none is open."""
        return current.configuration()

    # Settings: the defaults of what a page or a command never asks for are not made at its start.

    @cached_property
    def http(self) -> HttpSettings:
        """How requests are answered."""
        from velocious.http_settings import parse_http_settings

        return parse_http_settings(self._given["http"])

    @cached_property
    def realtime_settings(self) -> RealtimeSettings:
        """Limits and deadlines of connections."""
        from velocious.realtime.settings import parse_realtime_settings

        return parse_realtime_settings(self._given["realtime_settings"])

    @cached_property
    def install(self) -> InstallSettings:
        """How the application looks when a person installs it from the browser."""
        from velocious.install_settings import parse_install_settings

        return parse_install_settings(self._given["install"])

    @cached_property
    def error_events(self) -> ErrorEvents:
        """Told of what goes wrong while requests are answered."""
        from velocious.error_events import ErrorEvents

        return ErrorEvents()

    @cached_property
    def resource_settings(self) -> ResourceSettings:
        """Where clients ask for resources, and how much at a time."""
        from velocious.resource.settings import parse_resource_settings

        return parse_resource_settings(self._given["resource_settings"])

    @cached_property
    def attachments(self) -> Attachments:
        """The storages of attachments; without any, asking for one says how to name it."""
        from velocious.record.attachments.registry import Attachments

        return Attachments(self, self._given["attachments"] or {})

    def _check_given(self) -> None:
        """A wrong setting stops the start, not the first request."""
        for name, value in self._given.items():
            if value is not None:
                getattr(self, name)

    # Opening and closing

    async def __aenter__(self) -> Self:
        await self.initialize()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def initialize(self, *, load_models: bool = True) -> None:
        """Open logging, import the application and read its models' tables; may be nested.

        Commands that make or drop databases pass ``load_models=False``: then nothing is opened
        before it is used.
        """
        self._depth += 1
        if self._depth > 1:
            return
        current.push(self)
        self._log.open(self.environment, self.log_level)
        try:
            if import_application(self):
                self.models.add_imported("app")
                if self.backends:
                    import_application(self, "app/frontend_models")
            if load_models:
                await self._load_models()
            self._connect_changes()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close every database and log handler; safe to call twice."""
        if self._depth == 0:
            return
        self._depth -= 1
        if self._depth:
            return
        if self._realtime is not None:
            await self._realtime.stop()
            self._realtime = None
        if self._resources is not None:
            self._resources.close(self)
        if self._relay is not None:
            self._relay.close()
            self._relay = None
        self.changes.close()
        await self._databases.close()
        self._log.close()
        current.remove(self)

    async def _load_models(self) -> None:
        await self.models.load()
        if self.has_listeners_elsewhere and self.has_resources:
            # What jobs and commands save is heard, too.
            await self.resources.start()

    def _connect_changes(self) -> None:
        carrier = self.environment_handler.change_carrier()
        if carrier is not None:
            # Imported here: a process alone needs none.
            from velocious.database.change_relay import ChangeRelay

            self._relay = ChangeRelay(self.changes, carrier)

    # Databases

    @property
    def databases(self) -> Mapping[str, Database]:
        """The databases by identifier; each opens itself when it is first used."""
        return self._databases.by_identifier

    def database(self, identifier: str = "default") -> Database:
        """The database called *identifier*. Raises ConfigurationError with close matches."""
        return self._databases.find(identifier)

    @property
    def backends(self) -> Mapping[str, Backend]:
        """What stands in the place of databases whose rows are elsewhere, by identifier."""
        return self._databases.backends

    def remote(
        self,
        *models: str | type[Record],
        backend: str | Mapping[str, Any] = "backend",
        **options: Any,
    ) -> Backend:
        """Let a backend keep the rows of *models*, which are classes or their names, whatever
        database the classes name::

            configuration.remote("Task", "Project", backend="https://example.com", headers=token)

        *backend*: the identifier of one in ``databases``, or the address of another, with *options*
        (see :class:`velocious.frontend_model.settings.BackendSettings`).

        Raises:
            ConfigurationError: there is no such backend, or its options make no sense.
        """
        # Imported here: most applications have all their rows themselves.
        from velocious.configuration.remote_homes import find_backend, give_home

        found = find_backend(self._databases, backend, options)
        give_home(self, models, found)
        return found

    def make_backend(self, identifier: str, given: Mapping[str, Any] | str) -> Backend:
        """A backend with the settings *given*. Raises ConfigurationError."""
        # Imported here: most applications have all their rows themselves.
        from velocious.frontend_model.backend import Backend
        from velocious.frontend_model.settings import parse_backend

        return Backend(self, parse_backend(identifier, given))

    def ensure_connections(self, *identifiers: str) -> ConnectionBlock:
        """A block in which the running task keeps one connection of each database (or of those
        named); inside another such block, its connections are used.

        ::

            async with configuration.ensure_connections() as databases:
                await databases["default"].fetch("SELECT 1")
                await Task.count()  # on the same connection
        """
        return self._connection_block(identifiers, anew=False)

    def with_connections(self, *identifiers: str) -> ConnectionBlock:
        """As :meth:`ensure_connections`, but with connections of its own in any case."""
        return self._connection_block(identifiers, anew=True)

    def using_primary(self) -> AbstractContextManager[None]:
        """A block whose reads run on the primary databases, not on replicas that may lag behind."""
        from velocious.database.primary import using_primary

        return using_primary()

    async def ensure_global_connections(self) -> None:
        """Open every database, and let :meth:`Database.current_connection` work everywhere."""
        for database in self.databases.values():
            await database.ensure_global_connection()

    def _connection_block(self, identifiers: Sequence[str], *, anew: bool) -> ConnectionBlock:
        # Imported here: most programs leave connections to the pool.
        from velocious.database.held_connections import ConnectionBlock

        names = identifiers or tuple(self.databases)
        return ConnectionBlock({name: self.database(name) for name in names}, anew=anew)

    # Abilities

    @property
    def abilities(self) -> AbilityResolver | None:
        """What asks the application's ``ability_resolver``; None where it has none.

        Raises:
            ConfigurationError: it takes what nobody gives.
        """
        if self._abilities is None and self.ability_resolver is not None:
            # Imported here: an application without rules has none of it.
            from velocious.authorization.resolving import AbilityResolver

            self._abilities = AbilityResolver(self.ability_resolver)
        return self._abilities

    async def ability_for(self, **given: Any) -> Ability | None:
        """What the ``ability_resolver`` says of whoever that is; None where there is none::

            with Current.with_ability(await configuration.ability_for(job=job)):
                await job.perform()

        Arguments: those of ``request``, ``params``, ``user``, ``connection``, ``subscription`` and
        ``job`` that there are.
        """
        return None if self.abilities is None else await self.abilities.later(**given)

    # Tenants

    def run_with_tenant(self, tenant: Any) -> AbstractAsyncContextManager[Any]:
        """A block in which the running task, and the tasks it starts, work for *tenant*.

        ::

            async with configuration.run_with_tenant("acme"):
                await Task.count()  # in the database that tenant_database_resolver gives it

        *tenant* is whatever the application calls one; None: nobody's, as outside of blocks.
        """
        from velocious.database.tenancy import tenant_block

        return tenant_block(self, self._databases.tenancy, tenant)

    async def all_tenants(self) -> list[Any]:
        """Every tenant there is. Raises ConfigurationError where the application does not say."""
        # Imported here: most applications have none.
        from velocious.configuration.tenants import all_tenants

        return await all_tenants(self._tenants)

    def own_databases(self) -> list[str]:
        """The identifiers of the databases that the running task's tenant has for itself."""
        scope = current.tenant_scope_of(self)
        return [] if scope is None else [base.identifier for base in scope.databases]

    def model_database(
        self, model: type[Record], identifier: str, tenant: str | Callable[[Any], str | None]
    ) -> Database:
        """The database *identifier*, or inside a tenant's block the one that *tenant* names; one
        object for each *model*.
        """
        return self._databases.of_model(model, identifier, tenant)

    def migration_provider(self) -> MigrationProvider:
        """Where this application's migrations come from."""
        return self.environment_handler.migrations(self.directory)

    # Requests

    @cached_property
    def views(self) -> Views:
        """The templates below ``app/views``."""
        # Imported here: an application that answers JSON has no templates.
        from velocious.view.views import Views

        return Views(self)

    @property
    def routes(self) -> Routes:
        """The application's routes. Raises RoutingError where their file cannot be used."""
        if self._routes is None:
            # Imported here, and only when asked for: most commands need no routes.
            from velocious.routing.application_routes import application_routes
            from velocious.routing.routes import Routes

            self._routes = application_routes() if import_application(self) else Routes()
        return self._routes

    @property
    def urls(self) -> Urls:
        """Addresses of routes outside of a request: ``configuration.urls.task_url(task)`` begins
        with ``http={"base_url": …}``. A controller has its own: ``self.urls``.
        """
        # Imported here, and only when asked for: most commands need no routes.
        from urllib.parse import urlsplit

        base = self.http.base_url
        return self.routes.urls.at(prefix=urlsplit(base or "").path, base=base)

    # Resources

    @property
    def has_resources(self) -> bool:
        """Whether anything is exposed to clients."""
        if self._resources is not None or self.given_resources:
            return len(self.resources) > 0
        found = import_application(self, "app/resources")
        # Who has imported no resource need not import what serves them.
        return found and "velocious.resource.resource" in sys.modules and len(self.resources) > 0

    @property
    def resources(self) -> Resources:
        """What is exposed to clients. Raises ResourceDeclarationError where it cannot be."""
        if self._resources is None:
            # Imported here: an application that exposes nothing has none of it.
            from velocious.resource.registry import application_resources

            package = None if self.directory is None else "app"
            self._resources = application_resources(self.given_resources, package)
        return self._resources

    @property
    def tells_live(self) -> bool:
        """Whether somebody may listen to what happens to records: here, or in another process."""
        return self._realtime is not None or self.has_listeners_elsewhere

    @property
    def has_listeners_elsewhere(self) -> bool:
        """Whether other processes hear what this one publishes."""
        if self._given["realtime_settings"] is None:
            return False
        return bool(self.realtime_settings.redis or self.realtime_settings.provider)

    # Realtime

    @property
    def channels(self) -> Hub:
        """What publishes to connections, from wherever it is called: ``publish``, ``to_user``,
        ``to_client``, ``broadcast``, ``kick``. Inside a transaction it waits for the commit.

        ::

            await configuration.channels.publish("board:1", "task.moved", {"id": 5})
        """
        return self.realtime.hub

    @property
    def realtime(self) -> ApplicationRealtime:
        """Hub and engines of this process. Raises ConfigurationError for channels that clash."""
        if self._realtime is None:
            # Imported here: an application without realtime has none of it.
            from velocious.configuration.realtime import application_realtime

            self._realtime = application_realtime(self, self._channels)
        return self._realtime

    def tickets(self, *, seconds: float = 30.0, place: str = "") -> Tickets:
        """One-time tickets, with which a page that is signed in opens its socket: each is good once
        in all processes that ``realtime={"redis": …}`` connects.

        Arguments:
            seconds: how long one is good.
            place: tickets for one place are worthless in any other (``"/ws"``).

        Raises:
            ConfigurationError: ``realtime={"provider": …}`` knows of no tickets.
        """
        from velocious.realtime.tickets import Tickets

        return Tickets(
            self.secret,
            self.environment_handler.cipher(),
            self.clock,
            store=self.realtime.ticket_store(self.clock),
            seconds=seconds,
            place=place,
        )

    def asgi(self) -> ASGIApp:
        """The application for an ASGI server; its lifespan opens and closes this configuration.

        Raises:
            RoutingError: a route leads to no action.
        """
        from velocious.routing.application import application

        import_application(self)
        return application(self, self.environment_handler.web_routes(self))
