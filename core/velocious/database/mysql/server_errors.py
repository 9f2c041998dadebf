"""What a server says when it is the server, or the way to it, that something is wrong with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from velocious.command_words import as_typed
from velocious.errors import (
    ConnectionLostError,
    DatabaseCorruptError,
    DatabaseUnavailableError,
    ReadOnlyDatabaseError,
    StorageFullError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.database.settings import DatabaseSettings
    from velocious.errors import DatabaseError

#: The numbers of what ends a connection, or shows that it has ended.
LOST = frozenset(
    {
        *(0, 1053, 1077, 1079, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1927),
        *(2006, 2013, 2014, 2027, 2055, 4031),
    }
)
_READ_ONLY = frozenset({1290, 1792, 1836})
_FULL = frozenset({1021, 1114, 1206})
_CORRUPT = frozenset({1034, 1194, 1195, 1712})
_DENIED = frozenset({1044, 1045, 1130, 1251, 1698, 1862})


class Refused(NamedTuple):
    """What a server said to a statement: its number and its text."""

    number: int
    text: str


def place(settings: DatabaseSettings) -> str:
    """How messages name the database."""
    return f"The database {settings.identifier!r} ({settings.safe_url})"


def _lost(refused: Refused, sql: str, settings: DatabaseSettings) -> DatabaseError:
    return ConnectionLostError(
        f"{place(settings)} closed the connection, or it broke ({refused.number or 'closed'}). A "
        "transaction that was open on it is rolled back. Run the work again; if it happens often, "
        "look into the server's log."
    )


def _read_only(refused: Refused, sql: str, settings: DatabaseSettings) -> DatabaseError:
    if settings.read_only:
        return ReadOnlyDatabaseError(
            f"{place(settings)} was opened with read_only=True and refuses every write. "
            "Leave the option out to write to it."
        )
    return ReadOnlyDatabaseError(
        f"{place(settings)} only reads: its server refuses writes (error {refused.number}). Write "
        "to the primary server."
    )


def _full(refused: Refused, sql: str, settings: DatabaseSettings) -> DatabaseError:
    return StorageFullError(
        f"{place(settings)} has no more room (error {refused.number}). The write was not stored. "
        "Free some space on its server and repeat it."
    )


def _corrupt(refused: Refused, sql: str, settings: DatabaseSettings) -> DatabaseError:
    return DatabaseCorruptError(
        f"{place(settings)} has a damaged table (error {refused.number}). Look into the server's "
        "log, and restore a backup."
    )


def _denied(refused: Refused, sql: str, settings: DatabaseSettings) -> DatabaseError:
    return DatabaseUnavailableError(
        f"{place(settings)} denied access (error {refused.number}). Check the user, the password "
        "and the database of the URL, and what the user was granted."
    )


def _no_database(refused: Refused, sql: str, settings: DatabaseSettings) -> DatabaseError:
    return DatabaseUnavailableError(
        f"{place(settings)} does not exist on its server. Make it: {as_typed('db:create')}."
    )


SERVER: tuple[
    tuple[frozenset[int], Callable[[Refused, str, DatabaseSettings], DatabaseError]], ...
] = (
    (LOST, _lost),
    (_READ_ONLY, _read_only),
    (_FULL, _full),
    (_CORRUPT, _corrupt),
    (_DENIED, _denied),
    (frozenset({1049}), _no_database),
)
