"""The application's own commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import MalformedCommandError, UnknownResourceCommandError
from velocious.query.query import Query
from velocious.record.record import Record
from velocious.resource.names import command_name
from velocious.resource.permitting import sent_twice
from velocious.resource.reaching import member
from velocious.resource.serializing import PRELOADED, Wanted, serialized
from velocious.wire.marks import FRONTEND_MODEL
from velocious.wire.tagging import Marked

if TYPE_CHECKING:
    from velocious.resource.asking import Asking
    from velocious.resource.exposure import Exposure
    from velocious.resource.serializing import Tree


async def custom(
    name: Any, key: Any, payload: dict[str, Any], exposure: Exposure, asking: Asking
) -> dict[str, Any]:
    """What the command *name* gives, of the record *key* where there is one.

    Raises:
        UnknownResourceCommandError: the resource has no such command.
        AccessDeniedError: the ability does not allow it.
    """
    known = exposure.commands.get(command_name(name)) if isinstance(name, str) else None
    if known is None:
        raise UnknownResourceCommandError(exposure.name, name, exposure.commands)
    if (known.on == "member") != (key is not None):
        which = "one record: send its id" if known.on == "member" else "no single record"
        raise MalformedCommandError(f"{exposure.name}'s command {known.name!r} is for {which}.")
    arguments = known.arguments(_named(payload))
    method = getattr(asking.resource(exposure), known.name)
    if key is None:
        await asking.ability.authorize(known.action, exposure.model)
        return await _answer(await method(**arguments), asking)
    record = await member(key, exposure, asking)
    await asking.ability.authorize(known.action, record)
    return await _answer(await method(record, **arguments), asking)


def _named(payload: dict[str, Any]) -> dict[str, Any]:
    """*payload* under the names that Python has for it."""
    found: dict[str, Any] = {}
    for given, value in payload.items():
        name = command_name(given)
        if name in found:
            raise sent_twice(name)
        found[name] = value
    return found


async def _answer(result: Any, asking: Asking) -> dict[str, Any]:
    asking.is_plain = False
    if isinstance(result, Query):
        result = await cast("Query[Any]", result).to_list()
    value = await _shown(result, asking)
    if asking.speaks_python or not isinstance(value, dict):
        return {"result": value}
    return cast("dict[str, Any]", value)


async def _shown(value: Any, asking: Asking) -> Any:
    """*value* with what may leave the server of the records in it."""
    if isinstance(value, Record):
        return await _marked(value, asking)
    if isinstance(value, Mapping):
        pairs = cast("Mapping[str, Any]", value).items()
        return {name: await _shown(inner, asking) for name, inner in pairs}
    if isinstance(value, list | tuple):
        return [await _shown(one, asking) for one in cast("list[Any]", value)]
    return value


async def _marked(record: Record, asking: Asking) -> Marked:
    exposure = asking.exposure_of(type(record))
    await exposure.ready()
    tree: Tree = {name: {} for name, one in exposure.relationships.items() if one.loaded(record)}
    (data,) = await serialized([record], Wanted({}, tree, "custom"), asking)
    related = data.pop(PRELOADED, None)
    members = {"modelName": exposure.name, "attributes": data}
    if related:
        members["preloadedRelationships"] = related
    return Marked(FRONTEND_MODEL, members)
