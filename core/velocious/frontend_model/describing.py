"""What a backend shows of a model, as the table that the rest of Velocious knows it by.

Law: a model is asked about once, however many wait for it; a class that says itself what the
backend shows is not asked about at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from velocious.database.schema import Column, Table
from velocious.errors import BackendAnswerError
from velocious.frontend_model.command import object_of
from velocious.record.relationships.belongs_to import BelongsTo

if TYPE_CHECKING:
    from velocious.frontend_model.backend import Backend
    from velocious.record.definition import Definition


class Descriptions:
    """What is known of a backend's models."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._asked: dict[str, asyncio.Task[dict[str, Any]]] = {}
        self._known: dict[str, Mapping[str, Any]] = {}

    def forget(self) -> None:
        """Ask anew."""
        self._asked.clear()

    async def of(self, model: str) -> dict[str, Any]:
        """What the backend says of *model*."""
        task = self._asked.get(model)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._backend.described(model))
            self._asked[model] = task
        try:
            # Who gives up must not take the others' answer along.
            return await asyncio.shield(task)
        except BaseException:
            if task.done() and self._asked.get(model) is task:
                del self._asked[model]
            raise

    async def table_of(self, definition: Definition) -> Table:
        """The attributes of a model as columns, and keys that are not shown beside them."""
        shown = self._backend.settings.shown
        return table_from(await self.for_model(definition.model), definition, shown)

    async def for_model(self, model: type[Any]) -> Mapping[str, Any]:
        """What the backend shows of *model*, as its class says, or else the backend."""
        own = getattr(model, "__resource__") if describes_itself(model) else None  # noqa: B009
        said = await self.of(model.__name__) if own is None else own
        self._known[model.__name__] = said
        return said

    def known(self, model: type[Any]) -> Mapping[str, Any]:
        """What was said of *model*, whose table has been read."""
        return self._known.get(model.__name__, {})


def describes_itself(model: type[Any]) -> bool:
    """Whether the class of *model* says what its backend shows."""
    return isinstance(getattr(model, "__resource__", None), Mapping)


def table_from(said: Mapping[str, Any], definition: Definition, backend: str) -> Table:
    """The table of a model of which the backend says *said*. Raises BackendAnswerError."""
    given = object_of(said.get("attributes"), backend)
    if not given:
        raise BackendAnswerError(backend, f"it shows no attributes of {definition.model.__name__}")
    key = str(said.get("primaryKey") or definition.key_name)
    columns = [_column(name, object_of(one, backend), key) for name, one in given.items()]
    shown = {one.name for one in columns}
    hidden = [name for name in (key, *_foreign_keys(definition)) if name not in shown]
    columns += [Column(name, "any", "", primary_key=name == key) for name in dict.fromkeys(hidden)]
    return Table(definition.table_name, tuple(columns), (key,))


def _column(name: str, said: Mapping[str, Any], key: str) -> Column:
    kind = str(said.get("type") or "any")
    return Column(
        name,
        kind,
        kind,
        null=said.get("null") is not False,
        primary_key=name == key,
        automatic=name == key,
    )


def _foreign_keys(definition: Definition) -> list[str]:
    """The keys that the model's relationships need, whether the backend shows them or not."""
    found: list[str] = []
    for one in definition.relationships.values():
        if isinstance(one, BelongsTo):
            found += one.key_columns()
    return found
