"""From settings to a connection of asyncpg's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import asyncpg

from velocious.database.postgresql.errors import translated
from velocious.database.postgresql.server_errors import place, unreachable
from velocious.errors import ConfigurationError
from velocious_node.database.postgresql_tls import encryption

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    # Instants are compared and shown in UTC, whatever the server's zone is.
    chosen = {"timezone": "UTC", "application_name": "velocious"}
    wanted: dict[str, Any] = dict(address.options)
    wanted.pop("prepared_statements", None)
    if settings.read_only:
        wanted["default_transaction_read_only"] = "on"
    if address.statement_timeout is not None:
        wanted["statement_timeout"] = f"{round(address.statement_timeout * 1000)}ms"
    if "lock_timeout" in wanted:
        wanted["lock_timeout"] = f"{round(wanted['lock_timeout'] * 1000)}ms"
    if prepares(address):
        # Compiling plans costs more than short statements take.
        chosen["jit"] = "off"
    else:
        _check_shared(settings, wanted)
    return chosen | wanted


def _check_shared(settings: DatabaseSettings, wanted: Mapping[str, Any]) -> None:
    """Refuse what PgBouncer would not pass on: sessions behind it belong to nobody."""
    for name in wanted.keys() - {"application_name"}:
        raise ConfigurationError(
            f"{place(settings)} has prepared_statements=false, for a pool between us and the "
            f"server, which takes no {name} from its clients. Set it for the user on the server: "
            f"ALTER ROLE … SET {name} = …."
        )


def prepares(address: ServerAddress) -> bool:
    """Whether statements stay prepared on the server."""
    return address.options.get("prepared_statements", True)


def address_of(settings: DatabaseSettings) -> ServerAddress:
    """Where the server is: settings of this scheme always say it."""
    assert settings.server is not None
    return settings.server
