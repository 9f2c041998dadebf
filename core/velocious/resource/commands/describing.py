"""``describe``: what a resource exposes, for clients that have no generated code.

Law: nothing is described that this client could not name anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.resource.kinds import COLUMN

if TYPE_CHECKING:
    from velocious.resource.asking import Asking
    from velocious.resource.exposure import Exposure

PLACES = ("collection", "member")


async def describe(payload: dict[str, Any], exposure: Exposure, asking: Asking) -> dict[str, Any]:
    """The attributes, relationships, commands and limits of one resource."""
    return {"resource": described(exposure, asking)}


def described(exposure: Exposure, asking: Asking) -> dict[str, Any]:
    """*exposure* as plain data."""
    settings = asking.settings
    schema = exposure.model._definition.schema_or_fail()
    return {
        "model": exposure.name,
        "path": exposure.path,
        "primaryKey": asking.called(schema.primary_key),
        "attributes": _attributes(exposure, asking),
        "relationships": {
            asking.called(name): _relationship(one, asking)
            for name, one in exposure.relationships.items()
        },
        "attachments": {
            asking.called(name): {"many": one.many} for name, one in exposure.attachments.items()
        },
        "commands": {place: _commands(exposure, place, asking) for place in PLACES},
        "nested": {
            asking.called(name): {
                "allowDestroy": bool(options.get("allow_destroy", False)),
                "limit": options.get("limit"),
            }
            for name, options in exposure.nested.items()
        },
        "limits": {
            "pageSize": exposure.page_size,
            "maxPageSize": exposure.max_page_size,
            "batch": settings.batch,
            "depth": settings.depth,
            "conditions": settings.conditions,
            "values": settings.values,
            "pathLength": settings.path_length,
            "bodyLimit": settings.body_limit,
            "uploadLimit": settings.upload_limit,
        },
    }


def _commands(exposure: Exposure, place: str, asking: Asking) -> list[str]:
    return [asking.called(one.name) for one in exposure.commands.values() if one.on == place]


def _attributes(exposure: Exposure, asking: Asking) -> dict[str, Any]:
    schema = exposure.model._definition.schema_or_fail()
    readable = asking.readable(exposure)
    uses = {
        "filterable": asking.visible(exposure, exposure.filterable, "filter by"),
        "sortable": asking.visible(exposure, exposure.sortable, "sort by"),
        "pluckable": asking.visible(exposure, exposure.pluckable, "pluck"),
    }
    created = asking.ability.fields("create", exposure.model)
    updated = asking.ability.fields("update", exposure.model)
    names = [*exposure.readable, *exposure.writable, *sorted(exposure.filterable)]
    names += [*sorted(exposure.sortable), *sorted(exposure.pluckable)]
    found: dict[str, Any] = {}
    for name in dict.fromkeys(names):
        if name in exposure.attachments:
            continue
        can = {use: name in them for use, them in uses.items()}
        can["readable"] = name in readable
        can["writable"] = name in exposure.writable and any(
            one is None or name in one for one in (created, updated)
        )
        if not any(can.values()):
            continue
        attribute = schema.attributes.get(name)
        about: dict[str, Any] = {"kind": exposure.kinds.get(name, "virtual"), **can}
        if attribute is not None and about["kind"] == COLUMN:
            column = attribute.column
            about |= {"type": attribute.type.kind, "null": column.null}
            if name == schema.primary_key:
                about["null"] = False
        found[asking.called(name)] = about
    return found


def _relationship(one: Any, asking: Asking) -> dict[str, Any]:
    about: dict[str, Any] = {"type": _type_of(one), "many": one.many}
    if one.polymorphic:
        about["polymorphic"] = True
        return about
    about["model"] = one.target().__name__
    if one.through is None:
        key = one.owner_column() if one.holds_key else one.target_column()
        other = one.target_column() if one.holds_key else one.owner_column()
        about |= {"foreignKey": asking.called(key), "primaryKey": asking.called(other)}
    return about


def _type_of(one: Any) -> str:
    if one.holds_key:
        return "belongsTo"
    return "hasMany" if one.many else "hasOne"
