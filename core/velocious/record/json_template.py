"""Compiles what makes JSON of rows without a dictionary for each: a function around one f-string.

Law: the text is exactly what reading each attribute and encoding it would give. Where that is not
certain (an attribute of a model's own making, a changed record) the attributes are read; what
cannot be read raises, and reading it attribute by attribute says what. The source that is compiled
holds no name and no value of the application: those come as variables.
"""

from __future__ import annotations

import inspect
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from velocious.record.attribute import Attribute, DecodedAttribute, ForeignKeyAttribute
from velocious.record.schema import NOT_SELECTED
from velocious.sql.types import BooleanType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from velocious.record.record import Record
    from velocious.sql.types.base import ColumnType

    type Encode = Callable[[Any], str]
    #: From records, or rows, to the text of each.
    type Template = Callable[[list[Any]], list[str]]


def json_template(
    model: type[Record],
    called: Mapping[str, str],
    encode: Encode,
    read: Encode,
    *,
    integers: int | None = None,
    of_rows: bool = False,
) -> Template | None:
    """What makes JSON objects of the attributes that *called* names, each with what it is called
    there; None where one of them is no plain column.

    Arguments:
        encode: does it for values that are neither text nor integers.
        read: does it for a record that was changed and keeps its values elsewhere.
        integers: the largest that is written as it is, and its negative the smallest; None for any.
        of_rows: of rows of those columns and no others, in place of records.
    """
    names: dict[str, Any] = dict(_NAMES, encode=encode, read=read, largest=integers)
    whole = "" if integers is None else " and -largest <= value <= largest"
    parts: list[str] = []
    for place, (name, shown) in enumerate(called.items()):
        attribute = inspect.getattr_static(model, name, None)
        if type(attribute) not in _READABLE:
            return None
        names[f"key{place}"] = f"{encode_basestring(shown)}:"
        names[f"decode{place}"] = attribute.decode
        expression = _expression(attribute.type).format(
            row="row" if of_rows else "record._row",
            index=place if of_rows else attribute.index,
            place=place,
            whole=whole,
        )
        parts.append(f"{{key{place}}}{{{expression}}}")
    text = f"f'{{{{{','.join(parts)}}}}}'"
    if of_rows:
        return eval(f"lambda rows: [{text} for row in rows]", names)
    source = f"[{text} if record._assigned is None else read(record) for record in records]"
    return eval(f"lambda records: {source}", names)


def _expression(kind: ColumnType) -> str:
    """The expression that makes JSON of one value of a record."""
    if not kind.decodes:
        return _PLAIN
    return _BOOLEAN if type(kind) is BooleanType else _DECODED


def _selected(value: Any) -> Any:
    """*value* of a row, which was read with it: to decode what was not may give anything."""
    if value is NOT_SELECTED:
        raise ValueError("it was not selected")
    return value


_READABLE = (Attribute, DecodedAttribute, ForeignKeyAttribute)
_NAMES = {
    "quote": encode_basestring,
    "booleans": {0: "false", 1: "true"},
    "null": "null",
    "selected": _selected,
    "absent": NOT_SELECTED,
}

_DECODED = (
    "null if (value := {row}[{index}]) is None else "
    "encode(decode{place}(value if value is not absent else selected(value)))"
)
_PLAIN = (
    "value if type(value := {row}[{index}]) is int{whole} else "
    "quote(value) if type(value) is str else encode(value)"
)
_BOOLEAN = (
    "booleans[value] if type(value := {row}[{index}]) is int and value in booleans else "
    "null if value is None else encode(decode{place}(selected(value)))"
)
