"""``create``, ``update`` and ``destroy``.

Law: one command is one transaction. What the ability does not allow of the row as it is then is
rolled back: a new row must be one that may be created, a changed one was and is one that may be
updated. A row that may not be read is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.resource.commands.nested import write_nested
from velocious.resource.leading import demand_partners
from velocious.resource.permitting import demand_fields, permitted
from velocious.resource.reaching import member, reachable
from velocious.resource.reading.shapes import mapping
from velocious.resource.serializing import Wanted, serialized

if TYPE_CHECKING:
    from velocious.record.record import Record
    from velocious.resource.asking import Asking
    from velocious.resource.exposure import Exposure
    from velocious.resource.serializing import Tree

type Payload = dict[str, Any]


async def create(payload: Payload, exposure: Exposure, asking: Asking) -> dict[str, Any]:
    """Store a new record."""
    given = mapping(payload.get("attributes"), "attributes")
    await asking.ability.authorize("create", exposure.model)
    async with exposure.model.transaction():
        record = await create_one(given, exposure, asking)
        nested = await write_nested(record, payload.get("nestedAttributes"), exposure, asking)
    return {"model": await _answer(record, given, nested, "create", asking)}


async def create_one(
    given: dict[str, Any], exposure: Exposure, asking: Asking, *, only: Any = None, **fixed: Any
) -> Record:
    """A new record of *given* attributes, and *fixed* ones that no client chose, which may be
    created as it is now.
    """
    attributes = permitted(given, "create", exposure, asking, only=only)
    await demand_partners(attributes, "create", exposure, asking)
    record = await asking.resource(exposure).create({**attributes, **fixed})
    await asking.ability.authorize("create", record)
    await demand_fields(attributes, "create", record, exposure, asking)
    return record


async def update(payload: Payload, exposure: Exposure, asking: Asking) -> dict[str, Any]:
    """Change a record."""
    given = mapping(payload.get("attributes"), "attributes")
    async with exposure.model.transaction():
        record = await member(payload.get("id"), exposure, asking)
        record = await update_one(record, given, exposure, asking)
        nested = await write_nested(record, payload.get("nestedAttributes"), exposure, asking)
    return {"model": await _answer(record, given, nested, "update", asking)}


async def update_one(
    record: Record,
    given: dict[str, Any],
    exposure: Exposure,
    asking: Asking,
    *,
    only: Any = None,
) -> Record:
    """*record* with *given* attributes, which may be updated as it was, and as it is now."""
    await asking.ability.authorize("update", record)
    attributes = permitted(
        given, "update", exposure, asking, only=only, unchanged=None if only is None else record
    )
    await demand_fields(attributes, "update", record, exposure, asking)
    await demand_partners(attributes, "update", exposure, asking, record)
    record = await asking.resource(exposure).update(record, attributes)
    await asking.ability.authorize("update", record)
    return record


async def destroy(payload: Payload, exposure: Exposure, asking: Asking) -> dict[str, Any]:
    """Remove a record."""
    async with exposure.model.transaction():
        record = await member(payload.get("id"), exposure, asking)
        await destroy_one(record, exposure, asking)
    return {}


async def destroy_one(record: Record, exposure: Exposure, asking: Asking) -> None:
    """Remove *record*, if that is allowed."""
    await asking.ability.authorize("destroy", record)
    await asking.resource(exposure).destroy(record)


async def _answer(
    record: Record, given: dict[str, Any], nested: list[str], action: str, asking: Asking
) -> dict[str, Any]:
    """What the client gets of what it wrote: the record, or of one that it may not read its own
    words.
    """
    exposure = asking.exposure_of(type(record))
    if await asking.ability.allows("read", record):
        fresh: Record | None = record
        if nested or exposure.narrows:
            fresh = await _again(record, nested, exposure, asking)
        if fresh is not None:
            tree: Tree = {name: {} for name in nested}
            return (await serialized([fresh], Wanted({}, tree, action), asking))[0]
    key = exposure.model._definition.key_name
    return {**given, asking.called(key): record.primary_key_value()}


async def _again(
    record: Record, nested: list[str], exposure: Exposure, asking: Asking
) -> Record | None:
    """*record* with what belongs to it, as the client may reach it; None where it may not."""
    query = reachable(exposure.model.preload(*nested), exposure, asking)
    return await query.find_by({exposure.model._definition.key_name: record.primary_key_value()})
