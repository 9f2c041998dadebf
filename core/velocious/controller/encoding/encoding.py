"""Turns what an action renders into JSON.

Law: a record is never rendered as a whole: what leaves the server is named, attribute by attribute,
and nothing is loaded for it.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time
from decimal import Decimal
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from velocious.controller.encoding.record_data import chosen, record_data
from velocious.controller.encoding.record_encoder import encode_query, encode_records
from velocious.errors import RenderError
from velocious.query.query import Query
from velocious.record.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.controller.encoding.record_data import Attributes

    type Encode = Callable[[Any], str]


def to_json(value: Any, attributes: Attributes | None = None) -> bytes:
    """*value* as JSON; records in it become objects of *attributes*.

    Raises:
        RenderError: for a value that JSON has no form for, with what to render in its place.
    """
    try:
        if attributes is None:
            return _plainly(value).encode("utf-8")
        return _with_attributes(value, attributes).encode("utf-8")
    except UnicodeEncodeError as error:
        raise RenderError(
            f"The JSON holds half a surrogate pair: {error}. Clean the text."
        ) from error
    except (ValueError, RecursionError) as error:
        raise RenderError(
            f"This cannot be rendered as JSON: {error}. JSON knows no NaN, no infinity and no "
            "value that holds itself."
        ) from error
    except TypeError as error:
        raise RenderError(f"This cannot be rendered as JSON: {error}.") from error


async def query_json(query: Query[Any], attributes: Attributes) -> bytes:
    """What *query* finds as JSON: a list of objects of *attributes*. Raises as :func:`to_json`."""
    fast = await encode_query(query, chosen(attributes), _plainly)
    if fast is None:
        return to_json(await query.to_list(), attributes)
    return fast.encode("utf-8")


def _with_attributes(value: Any, attributes: Attributes) -> str:
    items = chosen(attributes)

    def encode(inner: Any) -> Any:
        return record_data(inner, items) if isinstance(inner, Record) else _plain(inner)

    fast = encode_records(value, items, _plainly)
    return _encoder(encode)(value) if fast is None else fast


def _encoder(default: Callable[[Any], Any]) -> Encode:
    make: Any = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        # No C encoder here: the whole class does it, in Python.
        return json.JSONEncoder(
            ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=default
        ).encode
    # json.JSONEncoder.encode makes a new one of these for each value, which costs three times what
    # a short answer does. Without a table of what it is inside of, a circle ends in RecursionError.
    quote = encode_basestring
    encode: Any = make(None, default, quote, None, ":", ",", False, False, False)
    return lambda value: "".join(encode(value, 0))


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(cast("set[Any]", value))
    raise RenderError(f"{_name(value)} cannot be rendered as JSON. {_advice(value)}")


def _name(value: Any) -> str:
    return f"A {type(value).__name__}"


def _advice(value: Any) -> str:
    if isinstance(value, Record):
        return (
            "Say what of it may leave the server: self.render(json=task, "
            'attributes=["id", "name"]), or make a dictionary of it. Of a related record: '
            'attributes=["id", {"project": ["name"]}].'
        )
    if isinstance(value, Query):
        return (
            "Use `await self.render_query(query, attributes=[…])`, or load it: "
            "`await query.to_list()`."
        )
    return "Render dictionaries, lists, texts, numbers, booleans, None, dates, decimals and UUIDs."


_plainly = _encoder(_plain)
