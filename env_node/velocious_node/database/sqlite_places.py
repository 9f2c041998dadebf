"""Where backups are kept, and which of them go."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from velocious.errors import BackupError
from velocious_node.database.sqlite_restore import remove_quietly

if TYPE_CHECKING:
    from datetime import datetime

    from velocious.database.database import Database
    from velocious.files import Files

FOLDER = "db/backups"
_STAMP = "%Y%m%dT%H%M%SZ"


def sqlite_path(database: Database, files: Files, command: str) -> str:
    """The file of *database*.

    Raises:
        BackupError: it is no file; with what backs it up instead.
    """
    settings = database.settings
    if settings.server is not None:
        raise BackupError(_server_words(database, command))
    if settings.path == ":memory:":
        raise BackupError(
            f"The database {database.identifier!r} is in memory, so there is no file for "
            f"{command}. db:copy takes its rows elsewhere."
        )
    return files.absolute(settings.path)


def backup_path(database: Database, output: str, now: datetime, *, compress: bool) -> str:
    """The file that a backup is written to: *output*, or a name of its own in that folder."""
    if os.path.isdir(output) or output.endswith("/"):
        ending = ".sqlite3.gz" if compress else ".sqlite3"
        return os.path.join(output, f"{database.identifier}-{now.strftime(_STAMP)}{ending}")
    return output


def remove_old(folder: str, identifier: str, keep: int) -> list[str]:
    """Remove all but the newest *keep* backups of a database in *folder*; those removed."""
    name = re.compile(rf"{re.escape(identifier)}-\d{{8}}T\d{{6}}Z\.sqlite3(\.gz)?")
    found = sorted((one for one in os.listdir(folder) if name.fullmatch(one)), reverse=True)
    for old in found[keep:]:
        remove_quietly(os.path.join(folder, old))
    return found[keep:]


def _server_words(database: Database, command: str) -> str:
    address = database.settings.server
    assert address is not None
    name, where = address.database, f"--host={address.host} --port={address.port}"
    user = f" --user={address.user}" if address.user else ""
    if database.settings.scheme == "postgresql":
        user = user.replace("--user", "--username")
        tool = (
            f"pg_dump --format=custom --file={name}.dump {where}{user} {name}"
            if command == "db:backup"
            else f"pg_restore --clean --if-exists --dbname={name} {where}{user} {name}.dump"
        )
    else:
        tool = (
            f"mariadb-dump --single-transaction --routines --triggers {where}{user} {name} "
            f"> {name}.sql"
            if command == "db:backup"
            else f"mariadb {where}{user} {name} < {name}.sql"
        )
    return (
        f"{command} is for SQLite; {database.identifier!r} is on a server "
        f"({database.settings.safe_url}), which has tools of its own: `{tool}`."
    )
