"""Tags that change when what is rendered changes."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple, cast

from velocious.errors import RenderError
from velocious.query.query import Query
from velocious.record.record import Record


class Version(NamedTuple):
    """A weak ETag, and the latest change where it is known."""

    tag: str
    modified: datetime | None


def text_tag(text: str, *, weak: bool = True) -> str:
    """The ETag of *text*: of whatever decides what the answer is."""
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f'W/"{digest}"' if weak else f'"{digest}"'


async def version_of(*things: Any) -> Version:
    """The version of records, lists of them, queries (which are asked for their number and latest
    change) and plain values.

    Raises:
        RenderError: a record has neither ``lock_version`` nor ``updated_at`` to tell by.
    """
    parts: list[str] = []
    moments: list[datetime] = []
    for thing in things:
        parts.append(await _part(thing, moments))
    return Version(text_tag("\n".join(parts)), max(moments) if moments else None)


async def _part(thing: Any, moments: list[datetime]) -> str:
    if isinstance(thing, Record):
        return _of_record(thing, moments)
    if isinstance(thing, Query):
        return await _of_query(cast("Query[Any]", thing), moments)
    if isinstance(thing, list | tuple):
        inner = [await _part(one, moments) for one in cast("list[Any]", thing)]
        return f"[{','.join(inner)}]"
    return repr(thing)


def _of_record(record: Record, moments: list[datetime]) -> str:
    model = type(record)
    schema = model._definition.schema_or_fail()
    told = [name for name in ("lock_version", "updated_at") if name in schema.attributes]
    if not told:
        raise RenderError(
            f"{model.__name__} has neither updated_at nor lock_version, so nobody can tell when it "
            "changed. Add t.timestamps() in a migration, or give etag=…."
        )
    values = [getattr(record, name) for name in (schema.primary_key, *told)]
    moments.extend(_aware(value) for value in values if isinstance(value, datetime))
    return f"{model.__name__}{values!r}"


async def _of_query(query: Query[Any], moments: list[datetime]) -> str:
    model: Any = query._model
    schema = await model._definition.ready()
    if "updated_at" not in schema.attributes:
        raise RenderError(
            f"{model.__name__} has no updated_at, so a query of it cannot tell when it changed. "
            "Load it, or give etag=…."
        )
    count, latest = await query.count(), await query.maximum("updated_at")
    if isinstance(latest, datetime):
        moments.append(_aware(latest))
    return f"{model.__name__}:{count}:{latest!r}"


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
