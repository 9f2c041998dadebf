"""The settings of one database: a URL, or a mapping with a URL and options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from velocious.database.pool_settings import PoolSettings, parse_pool
from velocious.errors import ConfigurationError, UnknownOptionError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.database.server_address import ServerAddress

#: Schemes we know the spelling of; which of them work is up to the environment's drivers.
SCHEMES = {
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
}

#: What a server database has where nothing is said.
SERVER_POOL = PoolSettings(maximum=10)

_WANTED = {
    "pool": "a whole number from 1 on, or a mapping",
    "migrations": "True or False",
    "read_only": "True or False",
    "tenants_only": "True or False",
    "pragmas": "a mapping of names and values",
    "time_budget": "a number of seconds",
    "busy_timeout": "a number of seconds",
    "replicas": "a list of URLs",
    "stickiness": "a number of seconds",
}
OPTIONS = ("url", *_WANTED)


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """One named database.

    Attributes:
        identifier: the name it is known by (``"default"``).
        url: as written, secrets included: never log it, use :attr:`safe_url`.
        scheme: the canonical scheme (``"sqlite"``, ``"postgresql"``, ``"mysql"``).
        path: for SQLite the file, relative to the application's root unless it starts with "/";
            ``":memory:"`` works.
        migrations: whether migrations run on it.
        read_only: refuse every write.
        tenants_only: refuse everything outside of a tenant that has a database of its own.
        pragmas: SQLite pragmas over the defaults, by name.
        pool: the connections to a server, or the readers in threads (SQLite).
        time_budget: seconds a SELECT may hold the event loop before it moves to a thread (SQLite on
            a server).
        busy_timeout: seconds to wait for another process's write lock.
        replicas: copies that are read outside of transactions, each with settings of its own.
        stickiness: seconds for which a task that has written reads from the primary.
        server: where the database of a server is; None for SQLite.
    """

    identifier: str
    url: str = field(repr=False)
    scheme: str
    path: str
    migrations: bool = True
    read_only: bool = False
    tenants_only: bool = False
    pragmas: Mapping[str, str | int] = field(default_factory=dict[str, "str | int"])
    pool: PoolSettings = PoolSettings()
    time_budget: float = 0.005
    busy_timeout: float = 5.0
    replicas: tuple[DatabaseSettings, ...] = ()
    stickiness: float = 2.0
    server: ServerAddress | None = None

    @property
    def safe_url(self) -> str:
        """The URL without user name, password and options."""
        if self.server is None:
            return self.url
        bare = self.url.partition("?")[0]
        start, slashes, rest = bare.partition("://")
        host, slash, path = rest.rpartition("/") if "/" in rest else (rest, "", "")
        return f"{start}{slashes}{host.rpartition('@')[2]}{slash}{path}"

    @property
    def place(self) -> str:
        """Where it is: equal for all that share its rows, in every tab and process."""
        # Each database in memory is one of its own.
        own = f"#{self.identifier}" if self.path == ":memory:" else ""
        return f"{self.safe_url}{own}"


def parse_settings(identifier: str, given: str | Mapping[str, Any]) -> DatabaseSettings:
    """Settings from a URL or a mapping with ``url``.

    Raises:
        UnknownOptionError: for a key that nobody reads.
        ConfigurationError: for an unusable URL or option.
    """
    options: dict[str, Any] = {"url": given} if isinstance(given, str) else dict(given)
    for name in options:
        if name not in OPTIONS:
            raise UnknownOptionError(f"The database {identifier!r}", name, OPTIONS)
    url = options.pop("url", None)
    if not isinstance(url, str) or not url:
        raise ConfigurationError(
            f"The database {identifier!r} has no URL (got {url!r}). "
            'Give it one, such as "sqlite:///db/development.sqlite3".'
        )
    scheme = _scheme(identifier, url)
    pool = PoolSettings() if scheme == "sqlite" else SERVER_POOL
    options["pool"] = parse_pool(identifier, options["pool"], pool) if "pool" in options else pool
    for name, value in options.items():
        _check_option(identifier, name, value)
    options["replicas"] = _replicas(identifier, scheme, options)
    if scheme == "sqlite":
        path, server = _sqlite_path(identifier, url), None
    else:
        server = _server(identifier, scheme, url)
        path = server.database
    return DatabaseSettings(
        identifier=identifier, url=url, scheme=scheme, path=path, server=server, **options
    )


def _replicas(
    identifier: str, scheme: str, options: dict[str, Any]
) -> tuple[DatabaseSettings, ...]:
    shared = {
        name: options[name]
        for name in ("pragmas", "time_budget", "busy_timeout")
        if name in options
    }
    pool = options["pool"]
    found = [
        replace(
            parse_settings(
                f"{identifier} (replica {number})",
                {**shared, "url": url, "read_only": True, "migrations": False},
            ),
            pool=pool,
        )
        for number, url in enumerate(options.get("replicas", ()), 1)
    ]
    for replica in found:
        if replica.scheme != scheme:
            raise ConfigurationError(
                f"The database {identifier!r} is {scheme}, but a replica of it is "
                f"{replica.scheme}. Give it replicas that are copies of it."
            )
    return tuple(found)


def _check_option(identifier: str, name: str, value: Any) -> None:
    wanted, shown = _WANTED[name], repr(value)
    if name == "pragmas":
        fits = isinstance(value, Mapping)
    elif name == "replicas":
        urls = [*cast("Iterable[object]", value)] if isinstance(value, list | tuple) else [None]
        fits = all(isinstance(url, str) for url in urls)
        # URLs hold passwords, so what was given is not shown.
        shown = "something else"
    elif name in ("migrations", "read_only", "tenants_only"):
        fits = isinstance(value, bool)
    elif name == "pool":
        fits = isinstance(value, PoolSettings)
    else:
        fits = isinstance(value, int | float) and value >= 0
    if not fits:
        raise ConfigurationError(
            f"The option {name} of the database {identifier!r} is {shown}. "
            f"Give it {wanted}, or leave it out."
        )


def _server(identifier: str, scheme: str, url: str) -> ServerAddress:
    # Imported late: urllib costs a browser, whose databases are files, some 25 ms.
    from velocious.database.server_address import parse_server_address

    return parse_server_address(identifier, scheme, url)


def _scheme(identifier: str, url: str) -> str:
    written = url.partition(":")[0].partition("+")[0].lower()
    if written in ("mssql", "sqlserver"):
        raise ConfigurationError(
            f"The database {identifier!r} is an SQL Server ({written}), which Velocious does not "
            "support. Use sqlite, postgresql or mysql."
        )
    if written not in SCHEMES or "://" not in url:
        raise ConfigurationError(
            f"The database {identifier!r} has the URL {written!r}…, whose scheme is unknown. "
            f"{suggestion(written, SCHEMES)} Write for example sqlite:///db/development.sqlite3."
        )
    return SCHEMES[written]


def _sqlite_path(identifier: str, url: str) -> str:
    # sqlite:///relative and sqlite:////absolute, as SQLAlchemy has made customary.
    rest = url.partition("://")[2]
    if not rest.startswith("/") or len(rest) < 2:
        raise ConfigurationError(
            f"The database {identifier!r} has the URL {url!r}, which names no file. "
            "Write sqlite:///relative/path.sqlite3, sqlite:////absolute/path.sqlite3 or "
            "sqlite:///:memory:."
        )
    return _unquoted(rest[1:])


def _unquoted(path: str) -> str:
    if "%" not in path:
        return path
    from urllib.parse import unquote

    return unquote(path)
