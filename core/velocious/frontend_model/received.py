"""What a command of the application's own returned, with records in the place of what was said of
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from velocious import current
from velocious.frontend_model.related import unpack
from velocious.frontend_model.rows import RELATED, row_of
from velocious.record.hydration import hydrate_one
from velocious.wire.marks import FRONTEND_MODEL

if TYPE_CHECKING:
    from velocious.record.record import Record


@dataclass(frozen=True, slots=True)
class RecordData:
    """A record, as a response speaks of it."""

    model: str
    attributes: Mapping[str, Any]
    related: Mapping[str, Any]


def _record_data(members: dict[str, Any]) -> RecordData:
    attributes, related = members.get("attributes"), members.get("preloadedRelationships")
    return RecordData(
        str(members.get("modelName")),
        cast("dict[str, Any]", attributes) if isinstance(attributes, dict) else {},
        cast("dict[str, Any]", related) if isinstance(related, dict) else {},
    )


#: How marks of records in responses are read.
RECORDS = {FRONTEND_MODEL: _record_data}


async def received(value: Any, asked: type[Record]) -> Any:
    """*value*, read of a response to a command of the model *asked*.

    Raises:
        UnknownModelError: it holds a record of a model that nobody knows here.
    """
    if isinstance(value, RecordData):
        return await _record(value, asked)
    if isinstance(value, list):
        return [await received(one, asked) for one in cast("list[Any]", value)]
    if isinstance(value, Mapping):
        pairs = cast("Mapping[str, Any]", value).items()
        return {name: await received(inner, asked) for name, inner in pairs}
    return value


async def _record(value: RecordData, asked: type[Record]) -> Record:
    model = current.configuration().models.find(value.model, wanted_by=asked)
    schema = await model._definition.ready()
    said = {**value.attributes, RELATED: value.related} if value.related else value.attributes
    record = hydrate_one(model, row_of(schema, said))
    await unpack(model, [record])
    return record
