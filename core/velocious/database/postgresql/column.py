"""A row of PostgreSQL's catalogue as a column of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from velocious.database.schema import Column

if TYPE_CHECKING:
    from velocious.database.driver import Row

KINDS: Final[dict[str, str]] = {
    "int2": "integer",
    "int4": "integer",
    "int8": "bigint",
    "float4": "float",
    "float8": "float",
    "numeric": "decimal",
    "bool": "boolean",
    "date": "date",
    "time": "time",
    "timestamp": "datetime",
    "timestamptz": "datetime",
    "json": "json",
    "jsonb": "json",
    "bytea": "binary",
    "uuid": "uuid",
    "varchar": "string",
    "bpchar": "string",
    "enum": "string",
    "text": "text",
    "citext": "text",
    "name": "text",
}

#: What the type modifiers of texts and numbers are counted from.
_HEADER = 4
_LITERAL = re.compile(r"('(?:[^']|'')*')::[\w \".]+(?:\([\d, ]+\))?(?:\[\])?")
_QUOTED_NUMBER = re.compile(r"'(-?\d+(?:\.\d+)?)'")
_NUMBERS = frozenset({"integer", "bigint", "float", "decimal"})


def read_column(row: Row) -> Column:
    """The column that *row* of the introspector's query describes."""
    name, declared, base, modifier, not_null, default, identity, generated, in_key = row
    kind = KINDS.get(base, "any")
    precision, scale = _precision(modifier) if kind == "decimal" else (None, None)
    counted = bool(identity) or (default or "").startswith("nextval(")
    return Column(
        name=name,
        kind=kind,
        declared=declared,
        null=not not_null,
        default=None if identity or generated or counted else plain_default(default, kind),
        primary_key=in_key,
        automatic=counted,
        generated=bool(generated),
        limit=modifier - _HEADER if kind == "string" and modifier >= _HEADER else None,
        precision=precision,
        scale=scale,
    )


def plain_default(text: str | None, kind: str) -> str | None:
    """A default without the cast that the server has added: ``'open'::text`` → ``'open'``."""
    if text is None:
        return None
    literal = _LITERAL.fullmatch(text)
    if literal is None:
        return None if text.startswith("NULL::") else text
    number = _QUOTED_NUMBER.fullmatch(literal.group(1)) if kind in _NUMBERS else None
    return number.group(1) if number else literal.group(1)


def stripped(expression: str) -> str:
    """*expression* without parentheses around all of it."""
    if not (expression.startswith("(") and expression.endswith(")")):
        return expression
    depth = 0
    for place, letter in enumerate(expression):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0 and place < len(expression) - 1:
            return expression
    return expression[1:-1]


def _precision(modifier: int) -> tuple[int | None, int | None]:
    if modifier < _HEADER:
        return None, None
    packed = modifier - _HEADER
    # The scale may be negative: eleven bits, the first of them the sign.
    return packed >> 16, ((packed & 0x7FF) ^ 0x400) - 0x400
