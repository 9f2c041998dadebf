"""``call``: commands of a resource's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from velocious.errors import QueryError
from velocious.frontend_model.rows import key_of

if TYPE_CHECKING:
    from velocious.record.record import Record


async def call(target: Record | type[Record], command: str, /, **arguments: Any) -> Any:
    """What the command of a resource returns, about a record or about none::

        await call(task, "archive", reason="done")
        summary = await call(Task, "summary")

    Records in it are records.

    Raises:
        AccessDeniedError: the backend does not allow it.
        CommandRefusedError: it has no such command, or takes other arguments.
        QueryError: the model lives in a database of our own.
    """
    model = target if isinstance(target, type) else type(target)
    schema = await model._definition.ready()
    if schema.remote is None:
        raise QueryError(
            f"{model.__name__} lives in the database {schema.database.identifier!r}: commands are "
            "for models behind a backend. Call the method that does it."
        )
    key = None if isinstance(target, type) else key_of(target, schema)
    backend = cast("Any", schema.remote)
    return await backend.call(model, command, key, arguments)
