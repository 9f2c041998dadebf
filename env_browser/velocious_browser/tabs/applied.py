"""What the owner notes of each write that another tab asked for, in the write's own transaction.

Law: whether a write was done can be said for certain after any failure: its note is stored if and
only if it is. A tab has one write under way on a database, so its last one is all that matters.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from velocious.database.sqlite.own_tables import APPLIED
from velocious.errors import StatementError
from velocious_browser.tabs.wire import packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.database.driver import Connection

#: Nothing is noted of that write.
NOTHING: Final = object()

_CREATE = (
    f"CREATE TABLE IF NOT EXISTS {APPLIED} "
    "(client TEXT PRIMARY KEY, number INTEGER NOT NULL, answer BLOB NOT NULL) WITHOUT ROWID"
)
_NOTE = f"INSERT OR REPLACE INTO {APPLIED} (client, number, answer) VALUES (?, ?, ?)"
_FIND = f"SELECT answer FROM {APPLIED} WHERE client = ? AND number = ?"
_FORGET = f"DELETE FROM {APPLIED} WHERE client NOT IN (SELECT value FROM json_each(?))"


async def note(connection: Connection, client: str, number: int, answer: Any) -> None:
    """Note that the write *number* of *client* was answered by *answer*."""
    values = (client, number, packed(answer))
    try:
        await connection.execute(_NOTE, values)
    except StatementError as error:
        if not _is_missing(error):
            raise
        await connection.execute(_CREATE)
        await connection.execute(_NOTE, values)


async def find(connection: Connection, client: str, number: int) -> Any:
    """What the write *number* of *client* was answered; NOTHING where it was not done."""
    try:
        found = await connection.fetch(_FIND, (client, number))
    except StatementError as error:
        if _is_missing(error):
            return NOTHING
        raise
    return unpacked(found[0][0]) if found else NOTHING


async def keep_only(connection: Connection, clients: Iterable[str]) -> None:
    """Forget the writes of all tabs but *clients*: the others will not ask."""
    try:
        await connection.execute(_FORGET, (json.dumps(sorted(clients)),))
    except StatementError as error:
        if not _is_missing(error):
            raise


def _is_missing(error: StatementError) -> bool:
    return f"no such table: {APPLIED}" in str(error)
