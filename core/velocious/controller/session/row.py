"""The rows of sessions that are kept in a database."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from velocious.errors import SessionsTableMissingError, UnknownTableError
from velocious.record.record import Record

TABLE = "velocious_sessions"

_models: dict[str, Any] = {}


async def session_rows(database: str) -> Any:
    """The model of the table in *database*.

    Raises:
        SessionsTableMissingError: no migration made it.
    """
    model = _models.get(database)
    if model is None:
        members = {"__module__": __name__, "table_name": TABLE, "database_identifier": database}
        kind: Any = type(Record)
        model = _models[database] = kind("SessionRow", (Record,), members)
    try:
        await model._definition.ready()
    except UnknownTableError as error:
        raise SessionsTableMissingError(TABLE, database) from error
    return model


def digest_of(id: str) -> str:
    """What stands for the session called *id* in the table. An id is random: no salt is needed."""
    return sha256(id.encode()).hexdigest()
