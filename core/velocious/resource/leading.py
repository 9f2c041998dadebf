"""Where the keys lead that a client writes.

Law: a row that a client may not read is not there for what it writes, either: no record of its own
leads to it, and the answer for one that is hidden is that for one that does not exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious import current
from velocious.errors import InvalidArgumentsError, UnknownModelError, UnsupportedValueError
from velocious.query.query import Query
from velocious.resource.reaching import reachable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.record.record import Record
    from velocious.resource.asking import Asking
    from velocious.resource.exposure import Exposure


async def demand_partners(
    attributes: Mapping[str, Any],
    action: str,
    exposure: Exposure,
    asking: Asking,
    record: Record | None = None,
) -> None:
    """Let the keys in *attributes* pass that lead nowhere, to where the row of *record* leads
    already, or to what the client may read.

    Raises:
        InvalidArgumentsError: one leads to no record, or to none for this client.
    """
    for relationship in exposure.partners:
        written = [one for one in relationship.key_columns() if _is_key(one, attributes, exposure)]
        if written and not await _leads(relationship, attributes, exposure, asking, record):
            mistake = "not_found", "leads to no record"
            raise InvalidArgumentsError(action, {asking.called(one): mistake for one in written})


def _is_key(name: str, attributes: Mapping[str, Any], exposure: Exposure) -> bool:
    """Whether *name* is written as it is sent: what a resource makes of it is its own matter."""
    return name in attributes and not hasattr(exposure.resource, f"set_{name}_attribute")


async def _leads(
    relationship: Any,
    attributes: Mapping[str, Any],
    exposure: Exposure,
    asking: Asking,
    record: Record | None,
) -> bool:
    columns = relationship.key_columns()
    before = [None if record is None else record.read(one) for one in columns]
    try:
        key, *types = after = _read(columns, before, attributes, exposure)
    except UnsupportedValueError:
        # Whoever stores it says what is wrong.
        return True
    if after == before or types == [None] or after == [None]:
        return True
    target = _target(relationship, types, asking)
    if target is None:
        # Nobody says who may read such rows; but clients do not say of which model they are.
        return not relationship.polymorphic
    if key is None or relationship.owner_column() in exposure.blind_keys:
        return True
    return await _is_there(key, relationship, target, asking)


def _read(
    columns: tuple[str, ...], before: list[Any], attributes: Mapping[str, Any], exposure: Exposure
) -> list[Any]:
    """What the row will have in *columns*, as they hold it."""
    row = exposure.model()
    known = exposure.model._definition.schema_or_fail().attributes
    found: list[Any] = []
    for name, value in zip(columns, before, strict=True):
        row.write(name, attributes.get(name, value))
        found.append(row.read(name))
        known[name].type.encode(found[-1])
    return found


def _target(relationship: Any, types: list[Any], asking: Asking) -> Exposure | None:
    if not relationship.polymorphic:
        return asking.resources.of(relationship.target())
    try:
        found = current.configuration().models.find(types[0], wanted_by=relationship.owner)
    except UnknownModelError:
        return None
    return asking.resources.of(found)


async def _is_there(key: Any, relationship: Any, target: Exposure, asking: Asking) -> bool:
    await target.ready()
    column = relationship.target_column_in(target.model)
    partners = reachable(Query(target.model), target, asking)
    try:
        return await partners.where({column: key}).exists()
    except UnsupportedValueError:
        # A key of another kind than those of this model.
        return False
