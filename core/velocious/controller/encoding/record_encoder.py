"""Encodes lists of records, and what queries find, without a dictionary for each: from the rows.

Law: the text is exactly what reading each attribute would give. Where that is not certain (an
attribute of a model's own making, a changed record) the attributes are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from velocious.controller.encoding.record_data import record_data
from velocious.query.plan import pluck_shape
from velocious.query.query import Query
from velocious.record.json_template import json_template
from velocious.record.record import Record

if TYPE_CHECKING:
    from velocious.controller.encoding.record_data import Chosen
    from velocious.record.json_template import Encode, Template


def encode_records(value: Any, items: Chosen, encode: Encode) -> str | None:
    """*value* as JSON where it is a list of records of one model; None where it is not.

    Arguments:
        encode: does it for values that are neither text nor integers.
    """
    if not isinstance(value, list) or not value:
        return None
    records = cast("list[Any]", value)
    model = cast("type[Any]", type(records[0]))
    template = _template(model, items, encode) if issubclass(model, Record) else None
    if template is None or set(map(type, records)) != {model}:
        return None
    try:
        return f"[{','.join(template(records))}]"
    except Exception:
        # Something in it cannot be read or rendered: reading it attribute by attribute says what.
        return None


def _template(model: type[Record], items: Chosen, encode: Encode) -> Template | None:
    """The encoder of *model*'s rows; its schema keeps it, and a changed table gets another."""
    schema = model._definition.schema
    if schema is None:
        return None
    key = ("json", items)
    if key not in schema.plans:
        schema.remember(key, _compiled(model, items, encode))
    return schema.plans[key]


async def encode_query(query: Query[Any], items: Chosen, encode: Encode) -> str | None:
    """The rows of *query* as JSON, without a record for each, and of their columns only those that
    are rendered; None where that takes records.
    """
    if not _is_plain(query):
        return None
    names = tuple(name for name, _ in items)
    schema = await query._model._definition.ready()
    key = ("json of rows", items)
    template = schema.plans.get(key, ...)
    if template is ...:
        template = schema.remember(key, _compiled(query._model, items, encode, of_rows=True))
    if template is None or not names:
        return None
    rows = await query._rows(("pluck", names), pluck_shape(names))
    try:
        return f"[{','.join(template(rows))}]"
    except Exception:
        # As above: records say what cannot be rendered.
        return None


def _is_plain(query: Query[Any]) -> bool:
    """Whether it finds the same rows by fewer columns: DISTINCT, for one, would not."""
    refined = query._refinements
    rare = query._distinct or query._joins or query._preloads
    return (
        type(query) is Query
        and not rare
        and not (refined.groups or refined.having or refined.selected or refined.lock)
    )


def _compiled(
    model: type[Record], items: Chosen, encode: Encode, *, of_rows: bool = False
) -> Template | None:
    if any(inner is not None for _, inner in items):
        return None

    def read(record: Record) -> str:
        return encode(record_data(record, items))

    called = {name: name for name, _ in items}
    return json_template(model, called, encode, read, of_rows=of_rows)
