"""From settings to a connection of asyncpg's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import asyncpg

from velocious.database.postgresql.errors import translated, unreachable
from velocious_node.database.postgresql_tls import encryption

if TYPE_CHECKING:
    from velocious.database.server_address import ServerAddress
    from velocious.database.settings import DatabaseSettings
    from velocious_node.database.postgresql_raw import RawConnection

_connect = cast("Any", asyncpg).connect

#: The database that every server has, to be connected to while another one is made or dropped.
MAINTENANCE = "postgres"


async def connect(settings: DatabaseSettings, *, database: str | None = None) -> RawConnection:
    """A connection to the database of *settings*, or to *database* on its server.

    Raises:
        DatabaseUnreachableError: where another try may help.
        DatabaseUnavailableError: where it will not.
    """
    address = address_of(settings)
    try:
        return await _connect(
            host=address.host,
            port=address.port,
            user=address.user,
            password=address.password,
            database=database or address.database or None,
            ssl=encryption(address),
            timeout=address.connect_timeout,
            server_settings=session(settings, address),
            # Behind PgBouncer nothing may stay prepared: another server answers the next time.
            statement_cache_size=100 if prepares(address) else 0,
        )
    except asyncpg.PostgresError as error:
        raise translated(error, "", settings) from None
    except (OSError, TimeoutError, asyncpg.InterfaceError) as error:
        raise unreachable(settings, error) from error


def session(settings: DatabaseSettings, address: ServerAddress) -> dict[str, str]:
    """What the server's session is set to."""
    chosen = {
        # Instants are compared and shown in UTC, whatever the server's zone is.
        "timezone": "UTC",
        "application_name": "velocious",
        # Compiling plans costs more than short statements take.
        "jit": "off",
    }
    if settings.read_only:
        chosen["default_transaction_read_only"] = "on"
    if address.statement_timeout is not None:
        chosen["statement_timeout"] = f"{round(address.statement_timeout * 1000)}ms"
    options = dict(address.options)
    options.pop("prepared_statements", None)
    if "lock_timeout" in options:
        options["lock_timeout"] = f"{round(options['lock_timeout'] * 1000)}ms"
    return chosen | options


def prepares(address: ServerAddress) -> bool:
    """Whether statements stay prepared on the server."""
    return address.options.get("prepared_statements", True)


def address_of(settings: DatabaseSettings) -> ServerAddress:
    """Where the server is: settings of this scheme always say it."""
    assert settings.server is not None
    return settings.server
