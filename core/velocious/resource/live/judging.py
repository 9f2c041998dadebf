"""What listeners of one ability are to hear of what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.authorization.made_up_row import row_fits
from velocious.errors import RuleError
from velocious.query.query import Query
from velocious.resource.reaching import reachable
from velocious.resource.serializing import Wanted, serialized

if TYPE_CHECKING:
    from velocious.record.record import Record
    from velocious.resource.asking import Asking
    from velocious.resource.exposure import Exposure
    from velocious.resource.live.happening import Happening

type Message = dict[str, Any]


async def heard(happening: Happening, exposure: Exposure, asking: Asking) -> Message | None:
    """What *asking* hears of *happening*; None for nothing."""
    await exposure.model._definition.ready()
    if happening.action != "destroy":
        found = await _found(happening.key, exposure, asking)
        if found is not None:
            return await _told(happening, found, exposure, asking)
        if happening.action == "create":
            return None
    # It is gone, for this one at least: whoever could see it is told so.
    if happening.is_partial:
        return resync(exposure)
    before = happening.record_before(exposure.model)
    if before is None or not await _was_seen(before, exposure, asking):
        return None
    if not await _shows_key(before, exposure, asking):
        return None
    return {"action": "destroy", "id": happening.key, "model": exposure.name}


def resync(exposure: Exposure) -> Message:
    """That something may be missing: ask again."""
    return {"action": "resync", "model": exposure.name}


async def _found(key: Any, exposure: Exposure, asking: Asking) -> Record | None:
    query: Query[Any] = Query(exposure.model)
    rows = await reachable(query, exposure, asking).where({_key_name(exposure): key}).limit(1)
    return rows[0] if rows else None


async def _told(
    happening: Happening, record: Record, exposure: Exposure, asking: Asking
) -> Message | None:
    [data] = await serialized([record], Wanted({}, {}, "index"), asking)
    if asking.called(_key_name(exposure)) not in data:
        return None
    action = happening.action
    if action == "update" and not happening.is_partial:
        before = happening.record_before(exposure.model)
        # To whoever could not see it, it is new.
        if before is not None and not await _was_seen(before, exposure, asking):
            action = "create"
    return {"action": action, "id": happening.key, "model": exposure.name, "record": data}


async def _was_seen(before: Record, exposure: Exposure, asking: Asking) -> bool:
    """Whether the record could be reached when it was like *before*."""
    if not await asking.ability.allows("read", before):
        return False
    if exposure.model._definition.default_conditions and not await row_fits(
        Query(exposure.model), before
    ):
        return False
    if not exposure.narrows:
        return True
    try:
        return await row_fits(asking.resource(exposure).records(), before)
    except RuleError:
        # Which rows a limit meant nobody knows afterwards.
        return False


async def _shows_key(before: Record, exposure: Exposure, asking: Asking) -> bool:
    """Whether the key of a record may be told that is no longer there."""
    name = _key_name(exposure)
    if name not in exposure.readable:
        return False
    allowed = await asking.ability.fields_of("read", before)
    return allowed is None or name in allowed


def _key_name(exposure: Exposure) -> str:
    return exposure.model._definition.key_name
