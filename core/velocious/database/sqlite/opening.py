"""Opening the file of a database."""

from __future__ import annotations

import logging
import os
import sqlite3
from typing import TYPE_CHECKING

from velocious.database.sqlite.decimals import add_functions
from velocious.database.sqlite.errors import translated
from velocious.database.sqlite.pragmas import pragma_sql
from velocious.database.sqlite.reading_only import reading_only
from velocious.errors import DatabaseUnavailableError

if TYPE_CHECKING:
    from velocious.database.settings import DatabaseSettings
    from velocious.database.sqlite.pragmas import Pragmas

MEMORY = ":memory:"

_log = logging.getLogger("velocious.database")


def make_folder(settings: DatabaseSettings, path: str) -> None:
    """Make the folder that *path* is in.

    Raises:
        DatabaseUnavailableError: where it cannot be made.
    """
    folder = os.path.dirname(path)
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailableError(
            f"The folder {folder!r} of the database {settings.identifier!r} cannot be made "
            f"({error.strerror}). Make it yourself, or give the database another path."
        ) from error


def open_writer(settings: DatabaseSettings, path: str, pragmas: Pragmas) -> sqlite3.Connection:
    """A connection that may write, with all *pragmas* set; makes the file."""
    raw = _connect(settings, path, "rwc")
    _set_up(raw, settings, {**pragmas, "query_only": "on"} if settings.read_only else pragmas)
    return raw


def open_reader(settings: DatabaseSettings, path: str, pragmas: Pragmas) -> sqlite3.Connection:
    """A connection that refuses to write. The journal mode is the writer's choice."""
    raw = _connect(settings, path, "ro" if settings.read_only else "rw")
    chosen = {name: value for name, value in pragmas.items() if name != "journal_mode"}
    _set_up(raw, settings, {**chosen, "query_only": "on"})
    return raw


def _connect(settings: DatabaseSettings, path: str, mode: str) -> sqlite3.Connection:
    target = MEMORY if path == MEMORY else f"file:{_escaped(path)}?mode={mode}"
    try:
        # autocommit=True leaves every BEGIN and COMMIT to us; executescript, too, would otherwise
        # commit by itself.
        return sqlite3.connect(
            target,
            timeout=0,
            autocommit=True,
            cached_statements=512,
            check_same_thread=False,
            uri=path != MEMORY,
        )
    except sqlite3.Error as error:
        raise translated(error, "", settings) from error


def _escaped(path: str) -> str:
    """*path* inside a ``file:`` URI; only these characters are special (sqlite.org/uri.html)."""
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _set_up(raw: sqlite3.Connection, settings: DatabaseSettings, pragmas: Pragmas) -> None:
    sql = "PRAGMA schema_version"
    try:
        add_functions(raw)
        # The first statement reads the file's header, so that a file that is no database is found
        # out here.
        raw.execute(sql).fetchall()
        for name, value in pragmas.items():
            sql = pragma_sql(name, value)
            answer = raw.execute(sql).fetchall()
            if name == "journal_mode":
                _check_journal_mode(settings, str(value), str(answer[0][0]))
        if settings.read_only:
            raw.set_authorizer(reading_only)
    except sqlite3.Error as error:
        raw.close()
        raise translated(error, sql, settings) from error


def _check_journal_mode(settings: DatabaseSettings, wanted: str, got: str) -> None:
    # SQLite keeps its old mode without an error where a file system cannot do the wanted one.
    if got.lower() not in (wanted.lower(), "memory"):
        _log.warning(
            "The database %r has the journal mode %s, because its file system cannot do %s. "
            "Reads may have to wait for writes.",
            settings.identifier,
            got,
            wanted,
        )
