"""From settings to a connection: what a ``postgresql://`` URL may say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import asyncpg

from velocious.database.postgresql.errors import translated, unreachable
from velocious.errors import ConfigurationError, UnknownOptionError

if TYPE_CHECKING:
    from velocious.database.settings import DatabaseSettings

#: What libpq and asyncpg read from a URL themselves.
CONNECTION_OPTIONS = frozenset(
    {
        *("host", "port", "user", "password", "dbname", "passfile", "target_session_attrs"),
        *("sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslcrl"),
        *("ssl_min_protocol_version", "ssl_max_protocol_version", "sslnegotiation"),
        *("krbsrvname", "gsslib", "service", "servicefile"),
    }
)
#: Settings of the server's session that a URL may give.
SESSION_OPTIONS = frozenset(
    {
        *("application_name", "search_path", "statement_timeout", "lock_timeout"),
        *("idle_in_transaction_session_timeout", "synchronous_commit", "jit", "work_mem"),
        *("default_transaction_isolation", "client_encoding", "options", "role"),
    }
)
OWN_OPTIONS = frozenset({"prepared_statements", "connect_timeout"})
KNOWN_OPTIONS = CONNECTION_OPTIONS | SESSION_OPTIONS | OWN_OPTIONS

#: The database that every server has, to be connected to while another one is made or dropped.
MAINTENANCE = "postgres"
_FLAGS = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False}


@dataclass(frozen=True, slots=True, repr=False)
class Opening:
    """How to connect.

    Attributes:
        url: for asyncpg, with what it reads itself; has the password, never show it.
        session: settings of the session.
        prepared: whether statements stay prepared (not behind PgBouncer's transaction pooling).
        connect_timeout: seconds until an attempt to connect is given up.
    """

    url: str
    session: dict[str, str]
    prepared: bool
    connect_timeout: float


def opening(settings: DatabaseSettings) -> Opening:
    """What *settings* say.

    Raises:
        UnknownOptionError: for an option in the URL that nobody reads.
        ConfigurationError: for a value that makes no sense.
    """
    parts = urlsplit(settings.url)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    for name in given:
        if name not in KNOWN_OPTIONS:
            owner = f"The URL of the database {settings.identifier!r}"
            raise UnknownOptionError(owner, name, KNOWN_OPTIONS)
    session = {
        # Instants are compared and shown in UTC, whatever the server's zone is.
        "timezone": "UTC",
        "application_name": "velocious",
        # Compiling plans costs more than short statements take.
        "jit": "off",
    }
    if settings.read_only:
        session["default_transaction_read_only"] = "on"
    session.update((name, given[name]) for name in SESSION_OPTIONS & given.keys())
    kept = {name: given[name] for name in CONNECTION_OPTIONS & given.keys()}
    return Opening(
        url=urlunsplit(("postgresql", parts.netloc, parts.path, urlencode(kept), "")),
        session=session,
        prepared=_flag(settings, "prepared_statements", given.get("prepared_statements", "true")),
        connect_timeout=_seconds(settings, "connect_timeout", given.get("connect_timeout", "10")),
    )


async def connect(settings: DatabaseSettings, *, database: str | None = None) -> Any:
    """A connection of asyncpg's to the database of *settings*, or to *database* on its server.

    Raises:
        DatabaseUnreachableError: where another try may help.
        DatabaseUnavailableError: where it will not.
    """
    how = opening(settings)
    try:
        return await asyncpg.connect(
            how.url,
            database=database,
            server_settings=how.session,
            timeout=how.connect_timeout,
            # Ours keeps statements; asyncpg's cache would hold each of them a second time.
            statement_cache_size=100 if how.prepared else 0,
        )
    except asyncpg.PostgresError as error:
        raise translated(error, "", settings) from None
    except (OSError, TimeoutError, asyncpg.InterfaceError) as error:
        raise unreachable(settings, error) from error


def database_name(settings: DatabaseSettings) -> str:
    """The database's name on the server."""
    return unquote(settings.path)


def with_database(url: str, name: str) -> str:
    """*url* for another database on the same server."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{quote(name)}"))


def _flag(settings: DatabaseSettings, name: str, text: str) -> bool:
    if text.lower() not in _FLAGS:
        raise ConfigurationError(
            f"The option {name} in the URL of the database {settings.identifier!r} is {text!r}. "
            "Write true or false."
        )
    return _FLAGS[text.lower()]


def _seconds(settings: DatabaseSettings, name: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < float("inf"):
        raise ConfigurationError(
            f"The option {name} in the URL of the database {settings.identifier!r} is {text!r}. "
            "Write a number of seconds over 0."
        )
    return seconds
