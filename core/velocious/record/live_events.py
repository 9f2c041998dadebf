"""``Task.on_update(…)`` and ``task.on_update(…)``: being told of what happens to records.

Law: what listens is imported when somebody does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, overload

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.record.record import Record


class Listening(Protocol):
    """Somebody who is told of events."""

    def stop(self) -> None:
        """Tell it no more; safe to call twice."""
        ...


class LiveEvent:
    """A method of a class and of its records: ``await Task.on_update(callback)``."""

    def __init__(self, action: str) -> None:
        self._action = action

    @overload
    def __get__(self, record: None, owner: type[Record]) -> Of: ...

    @overload
    def __get__(self, record: Record, owner: type[Record]) -> Of: ...

    def __get__(self, record: Record | None, owner: type[Record]) -> Of:
        return Of(self._action, owner, record)


class Of:
    """The events of one kind, of a model or of one record."""

    def __init__(self, action: str, model: type[Record], record: Record | None) -> None:
        self._action = action
        self._model = model
        self._record = record

    async def __call__(self, callback: Callable[[Any], object]) -> Listening:
        """Call *callback*, plain or ``async``, with each record that this happens to, from now on;
        ``.stop()`` of what is returned ends that. A class's ``on_destroy`` gets the key.

        Raises:
            NotRemoteError: the model's backend has no realtime client.
            QueryError: the model lives in a database of our own.
            RemoteFault: the backend does not let us listen.
        """
        schema = await self._model._definition.ready()
        if schema.remote is None:
            from velocious.errors import QueryError

            name = self._model.__name__
            raise QueryError(
                f"{name} lives in the database {schema.database.identifier!r}, which says what "
                f"happens to it by callbacks (after_commit), configuration.changes and "
                f"{name}.where(…).live()."
            )
        return await schema.remote.listen(self._model, self._action, callback, self._record)
