"""From settings to a connection: what a ``mysql://`` or ``mariadb://`` URL may say."""

from __future__ import annotations

import ssl
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from velocious.database.mysql.errors import translated
from velocious.database.mysql.server import SQL_MODE, read_server
from velocious.database.mysql.server_errors import Refused, place
from velocious.errors import (
    ConfigurationError,
    DatabaseUnavailableError,
    DatabaseUnreachableError,
    TooManyConnectionsError,
)
from velocious_node.database.mysql_link import NO_TLS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.database.mysql.server import Server
    from velocious.database.server_address import ServerAddress
    from velocious.database.settings import DatabaseSettings
    from velocious_node.database.mysql_link import Link

#: The packages we work with; the first that is installed is taken.
PACKAGES = ("asyncmy", "aiomysql")

#: PostgreSQL's default, too: each statement of a transaction sees what others have committed before
#: it, so that whoever was told that a row exists can find it.
ISOLATION = "read-committed"

_TOO_MANY = frozenset({1040, 1203, 1226})
_REFUSED = frozenset({0, 1053, 2002, 2003, 2006, 2013})


class Opened(NamedTuple):
    """A link, and what is at its other end.

    Attributes:
        longest_packet: how many bytes the server takes at once.
        identity: which of several servers behind one address it is.
        errors: what the link raises.
    """

    link: Link
    server: Server
    longest_packet: int
    identity: str
    errors: tuple[type[Exception], ...]


class Package(NamedTuple):
    """A driver package: how it connects, and what it raises."""

    name: str
    connect: Callable[..., Awaitable[Link]]
    errors: tuple[type[Exception], ...]


def find_package(settings: DatabaseSettings) -> Package:
    """The driver package for *settings*: the one its URL names, or the first that is there.

    Raises:
        ConfigurationError: none is installed.
    """
    wanted = _address(settings).options.get("driver")
    for name in (wanted,) if wanted else PACKAGES:
        try:
            import_module(name)
        except ImportError:
            continue
        module = import_module(f"velocious_node.database.mysql_{name}")
        return Package(name, module.connect, module.ERRORS)
    missing = f"the package {wanted} is" if wanted else "both asyncmy and aiomysql are"
    raise ConfigurationError(
        f"The database {settings.identifier!r} is a MySQL or MariaDB one, for which {missing} "
        "missing. Install it: pip install 'velocious[mysql]' (or 'velocious[mysql-pure]', which "
        "has no compiled parts)."
    )


async def connect(
    settings: DatabaseSettings, package: Package, *, with_database: bool = True
) -> Opened:
    """A connection to the database of *settings*, or only to its server, with a session set up.

    Raises:
        DatabaseUnreachableError: where another try may help.
        DatabaseUnavailableError: where it will not.
    """
    address = _address(settings)
    try:
        link = await package.connect(**_options(settings, address, with_database))
    except (*package.errors, TimeoutError) as error:
        raise _failure(error, settings) from None
    try:
        server = read_server(link.server_version)
        longest, identity = await _set_up(link, server, settings, address)
    except package.errors as error:
        link.terminate()
        raise _failure(error, settings) from None
    except BaseException:
        link.terminate()
        raise
    return Opened(link, server, longest, identity, package.errors)


def refused(error: BaseException) -> Refused:
    """The number and text of a package's *error*; (0, …) where the connection broke."""
    arguments = error.args
    if len(arguments) >= 2 and isinstance(arguments[0], int):
        return Refused(arguments[0], str(arguments[1]))
    return Refused(0 if isinstance(error, OSError) else -1, str(error))


def _address(settings: DatabaseSettings) -> ServerAddress:
    assert settings.server is not None
    return settings.server


def _options(
    settings: DatabaseSettings, address: ServerAddress, with_database: bool
) -> dict[str, Any]:
    where: dict[str, Any] = {"host": address.host, "port": address.port}
    if address.host.startswith("/"):
        where = {"unix_socket": address.host}
    name = address.database
    if with_database and not name:
        raise ConfigurationError(
            f"The URL of the database {settings.identifier!r} names no database. Write "
            "mysql://user:password@host/name."
        )
    return {
        **where,
        "user": address.user or "root",
        "password": address.password or "",
        "connect_timeout": address.connect_timeout,
        "ssl": None if address.host.startswith("/") else _tls(settings, address),
        "demand_tls": address.tls not in ("disable", "prefer"),
        "program_name": "velocious",
        **({"db": name} if with_database else {}),
    }


def _tls(settings: DatabaseSettings, address: ServerAddress) -> ssl.SSLContext | None:
    if address.tls == "disable":
        return None
    try:
        context = _context(address)
        if address.tls_certificate:
            context.load_cert_chain(address.tls_certificate, address.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationError(
            f"The TLS files in the URL of the database {settings.identifier!r} cannot be read "
            f"({error}). Check sslrootcert, sslcert and sslkey."
        ) from error
    context.check_hostname = address.tls == "verify-full"
    if not address.tls.startswith("verify"):
        context.verify_mode = ssl.CERT_NONE
    return context


def _context(address: ServerAddress) -> ssl.SSLContext:
    if address.tls.startswith("verify") or address.tls_ca:
        return ssl.create_default_context(cafile=address.tls_ca)
    # Reading the authorities of the machine stops the event loop for some 20 ms, for each
    # connection, and nobody is compared with them.
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


async def _set_up(
    link: Link, server: Server, settings: DatabaseSettings, address: ServerAddress
) -> tuple[int, str]:
    waits = max(1, round(settings.busy_timeout))
    parts = [
        f"NAMES utf8mb4 COLLATE {server.collation}",
        f"sql_mode = '{SQL_MODE}'",
        "time_zone = '+00:00'",
        # Both count whole seconds.
        f"innodb_lock_wait_timeout = {waits}",
        f"lock_wait_timeout = {waits}",
        # The limit for what GROUP_CONCAT makes; the default cuts at a megabyte, or at 1,024 bytes.
        "group_concat_max_len = 4294967295",
    ]
    if address.statement_timeout is not None:
        parts.append(server.timeout_sql(address.statement_timeout))
    await link.query("SET " + ", ".join(parts))
    isolation = address.options.get("isolation", ISOLATION).replace("-", " ")
    access = ", READ ONLY" if settings.read_only else ""
    await link.query(f"SET SESSION TRANSACTION ISOLATION LEVEL {isolation}{access}")
    answer = await link.query("SELECT @@max_allowed_packet, @@hostname, @@port, @@server_id")
    ((longest, *identity),) = answer.rows or ((0,),)
    return int(longest), ":".join(map(str, identity))


def _failure(error: Exception, settings: DatabaseSettings) -> DatabaseUnavailableError:
    """Our error for a connection that was not opened."""
    said = refused(error)
    if said.number in _TOO_MANY:
        return TooManyConnectionsError(
            f"{place(settings)} takes no more connections (error {said.number}). Make the pools of "
            "its clients smaller, or raise max_connections in the server's configuration."
        )
    if said.number in _REFUSED or isinstance(error, OSError):
        return DatabaseUnreachableError(
            f"{place(settings)} cannot be reached ({said.text}). Check that its server runs, and "
            "the host and port in the URL."
        )
    if said.number == NO_TLS:
        return DatabaseUnavailableError(
            f"{place(settings)} does not encrypt, but its URL demands it (sslmode). Switch TLS on "
            "in the server, or allow plain connections with sslmode=disable."
        )
    known = translated(said, "", settings)
    if isinstance(known, DatabaseUnavailableError):
        return known
    return DatabaseUnavailableError(f"{place(settings)} cannot be opened ({said.text}).")
