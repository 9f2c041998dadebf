"""Which database a request is about, as plain values: enough to open it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.database.settings import DatabaseSettings

if TYPE_CHECKING:
    from velocious.database.sqlite.pragmas import Pragmas

#: identifier, path as it was written, path of the file, read_only, busy_timeout, pragmas
type Key = tuple[str, str, str, bool, float, tuple[tuple[str, str | int], ...]]


def key_of(settings: DatabaseSettings, path: str) -> Key:
    """What is sent for the database of *settings*, whose file is at *path*."""
    pragmas = tuple(sorted(settings.pragmas.items()))
    return (
        settings.identifier,
        settings.path,
        path,
        settings.read_only,
        settings.busy_timeout,
        pragmas,
    )


def settings_of(key: Key) -> DatabaseSettings:
    """Settings that open the same database in the same way."""
    identifier, written, _, read_only, busy_timeout, pragmas = key
    chosen: Pragmas = dict(pragmas)
    return DatabaseSettings(
        identifier,
        f"sqlite:///{written}",
        "sqlite",
        written,
        read_only=read_only,
        busy_timeout=busy_timeout,
        pragmas=chosen,
    )


def path_of(key: Key) -> str:
    """Where the file is."""
    return key[2]


def connections_of(key: Key) -> str:
    """The same for keys that may use the same connections."""
    return repr(key[2:])
