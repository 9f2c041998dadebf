"""Rows of attachments whose owner is gone: deleted by ``delete_all``, or with SQL.

Law: a row goes only where its owner's model is known and its table was asked; what cannot be told
stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import UnknownTableError, UnsupportedValueError
from velocious.query.query import Query
from velocious.record.relationships.type_name import type_name

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from datetime import datetime

    from velocious.configuration import Configuration

_PAGE = 500


async def ownerless_rows(
    configuration: Configuration, model: Any, before: datetime
) -> AsyncGenerator[Query[Any]]:
    """The rows of *model* that were written before *before* and belong to nothing, as queries."""
    owners = _owners(configuration, model._definition.database_identifier)
    for name, owner in owners.items():
        rows = model.where(record_type=name)
        last = ""
        while True:
            page = rows.where(model.record_id > last).distinct().order("record_id").limit(_PAGE)
            ids: list[str] = await page.pluck("record_id")
            gone = await _gone(owner, ids)
            if gone:
                yield rows.where(model.created_at <= before).where(record_id=gone)
            if len(ids) < _PAGE:
                break
            last = ids[-1]


def _owners(configuration: Configuration, identifier: str) -> dict[str, Any]:
    """The models with files in the database *identifier*, by the name their rows have."""
    return {
        type_name(model): model
        for model in configuration.models
        if model._definition.database_identifier == identifier and model._definition.attachments
    }


async def _gone(owner: Any, ids: list[str]) -> list[str]:
    """Those of *ids* that no row of *owner* has, marked as deleted or not."""
    definition = owner._definition
    try:
        schema = await definition.ready()
    except UnknownTableError:
        return []
    key = schema.attributes[schema.primary_key]
    wanted: dict[Any, str] = {}
    for text in ids:
        value = key.type.cast(text)
        try:
            key.type.encode(value)
        except UnsupportedValueError:
            # Not a key of this table: who it belonged to cannot be told.
            continue
        wanted[value] = text
    query = Query(owner)
    query._conditions = ()
    there = set(await query.where({schema.primary_key: list(wanted)}).ids())
    return [text for value, text in wanted.items() if value not in there]
