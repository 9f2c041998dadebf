"""What a PostgreSQL server, or the way to it, can do wrong, in our words.

Law: no message shows a password.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.command_words import as_typed
from velocious.errors import (
    ConnectionLostError,
    DatabaseUnavailableError,
    DatabaseUnreachableError,
    ReadOnlyDatabaseError,
    StorageFullError,
    TooManyConnectionsError,
    TransactionError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.database.settings import DatabaseSettings
    from velocious.errors import DatabaseError


def place(settings: DatabaseSettings) -> str:
    """How messages name the database."""
    return f"The database {settings.identifier!r} ({settings.safe_url})"


def aborted(settings: DatabaseSettings) -> TransactionError:
    """What follows an error in a transaction that nobody rolled back to a savepoint."""
    return TransactionError(
        f"{place(settings)} has given up the transaction because of an earlier error in it, so "
        "nothing more can be stored in it. Put a statement that may fail into a block of its own: "
        "`async with database.transaction():`."
    )


def lost(settings: DatabaseSettings, error: BaseException) -> ConnectionLostError:
    """The error for a connection that broke."""
    return ConnectionLostError(
        f"{place(settings)} closed the connection, or it broke ({type(error).__name__}). A "
        "transaction that was open is rolled back; try again."
    )


def unreachable(settings: DatabaseSettings, error: BaseException) -> DatabaseUnavailableError:
    """The error for a server that cannot be connected to."""
    if "rejected SSL" in str(error):
        return DatabaseUnavailableError(
            f"{place(settings)} does not encrypt connections, but sslmode asks for it. Turn TLS on "
            "at the server; or, in a network that nobody else reads, write sslmode=prefer."
        )
    if "certificate verify failed" in str(error):
        why = getattr(error, "verify_message", "") or "its name or issuer is not the expected one"
        return DatabaseUnavailableError(
            f"{place(settings)} has a certificate that cannot be trusted ({why}). Give the file of "
            "its issuer with sslrootcert=…, and the host's name as the certificate has it."
        )
    reason = getattr(error, "strerror", None) or type(error).__name__
    return DatabaseUnreachableError(
        f"{place(settings)} cannot be reached ({reason}). Check the host and port of its URL, and "
        "that the server runs."
    )


def _lost(settings: DatabaseSettings, error: Any) -> DatabaseError:
    return lost(settings, error)


def _too_many(settings: DatabaseSettings, error: Any) -> DatabaseError:
    return TooManyConnectionsError(
        f"{place(settings)} takes no more connections. Make the option pool smaller, run fewer "
        "processes, or raise max_connections of the server."
    )


def _starting(settings: DatabaseSettings, error: Any) -> DatabaseError:
    return DatabaseUnreachableError(
        f"{place(settings)} is starting up or shutting down. Try again in a moment."
    )


def _refused_login(settings: DatabaseSettings, error: Any) -> DatabaseError:
    return DatabaseUnavailableError(
        f"{place(settings)} refused the user name or password. Correct them in its URL."
    )


def _missing_database(settings: DatabaseSettings, error: Any) -> DatabaseError:
    return DatabaseUnavailableError(
        f"{place(settings)} does not exist on the server. Create it with {as_typed('db:create')}."
    )


def _full(settings: DatabaseSettings, error: Any) -> DatabaseError:
    return StorageFullError(
        f"{place(settings)} has run out of disk space or memory. The write was not stored. Free "
        "some and repeat it."
    )


def _read_only(settings: DatabaseSettings, error: Any) -> DatabaseError:
    return ReadOnlyDatabaseError(
        f"{place(settings)} only reads: it is a replica, or was opened with read_only=True. Write "
        "to the primary database."
    )


def _aborted(settings: DatabaseSettings, error: Any) -> DatabaseError:
    return aborted(settings)


#: SQLSTATE, or its class → what makes our error.
SERVER: dict[str, Callable[[DatabaseSettings, Any], DatabaseError]] = {
    "08": _lost,
    "57P01": _lost,
    "57P02": _lost,
    "57P05": _lost,
    "25P03": _lost,
    "57P03": _starting,
    "53300": _too_many,
    "53": _full,
    "28": _refused_login,
    "3D000": _missing_database,
    "25006": _read_only,
    "25P02": _aborted,
}
