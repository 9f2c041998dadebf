"""Turns what an action renders into JSON.

Law: a record is never rendered as a whole: what leaves the server is named, attribute by attribute.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from velocious.errors import RenderError
from velocious.query.query import Query
from velocious.record.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def to_json(value: Any, attributes: Sequence[str] | None = None) -> bytes:
    """*value* as JSON; records in it become objects of *attributes*.

    Raises:
        RenderError: for a value that JSON has no form for, with what to render in its place.
    """
    encoder = _PLAIN if attributes is None else _encoder(_with_attributes(attributes))
    try:
        return encoder.encode(value).encode("utf-8")
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


def _encoder(default: Callable[[Any], Any]) -> json.JSONEncoder:
    return json.JSONEncoder(
        ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=default
    )


def _with_attributes(attributes: Sequence[str]) -> Callable[[Any], Any]:
    def encode(value: Any) -> Any:
        if isinstance(value, Record):
            return {name: getattr(value, name) for name in attributes}
        return _plain(value)

    return encode


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    raise RenderError(f"{_name(value)} cannot be rendered as JSON. {_advice(value)}")


def _name(value: Any) -> str:
    return f"A {type(value).__name__}"


def _advice(value: Any) -> str:
    if isinstance(value, Record):
        return (
            "Say what of it may leave the server: self.render(json=task, "
            'attributes=["id", "name"]), or make a dictionary of it.'
        )
    if isinstance(value, Query):
        return "Load it first: `await query.to_list()`."
    return "Render dictionaries, lists, texts, numbers, booleans, None, dates, decimals and UUIDs."


_PLAIN = _encoder(_plain)
