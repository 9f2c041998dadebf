"""SQLite's deltas."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, ClassVar

from velocious.sql.dialects.base import Dialect
from velocious.sql.dialects.sqlite_codecs import SQLITE_CODECS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from velocious.sql.types import Codec

#: The collation in which texts of decimals sort as the numbers they are.
DECIMAL_ORDER = "decimal_order"


class SqliteDialect(Dialect):
    """SQLite, from 3.39 on (the version Pyodide ships)."""

    name: ClassVar[str] = "sqlite"
    # SQLite derives a column's affinity from the letters of its type. Names with TEXT in them keep
    # decimals and JSON as they were written: NUMERIC affinity would turn '1.10' into 1.1 and the
    # JSON text '5' into an integer.
    column_types: ClassVar[Mapping[str, str]] = {
        "string": "VARCHAR({limit})",
        "text": "TEXT",
        "integer": "INTEGER",
        "bigint": "BIGINT",
        "float": "REAL",
        "decimal": "DECIMAL_TEXT({precision}, {scale})",
        "boolean": "BOOLEAN",
        "date": "DATE",
        "time": "TIME",
        "datetime": "DATETIME",
        "json": "JSON_TEXT",
        "binary": "BLOB",
        "uuid": "UUID",
    }
    codecs: ClassVar[Mapping[str, Codec]] = SQLITE_CODECS
    # AUTOINCREMENT: a key is never given twice, even after the newest row was deleted (links and
    # caches rely on it).
    integer_key: ClassVar[str] = "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"
    numeric_text: ClassVar[frozenset[str]] = frozenset({"decimal"})
    # SQLite calculates with binary numbers alone; its connections get these from us
    # (database/sqlite/decimals.py).
    exact_functions: ClassVar[Mapping[str, str]] = {
        "SUM": "decimal_sum",
        "AVG": "decimal_average",
        "MIN": "decimal_minimum",
        "MAX": "decimal_maximum",
        "GROUP": "decimal_shortest",
    }
    explain: ClassVar[str] = "EXPLAIN QUERY PLAN "
    replaces_views: ClassVar[bool] = False

    def limit(self, limit: str | None, offset: str | None) -> str:
        # SQLite has no OFFSET without LIMIT; -1 means no limit.
        if limit is None and offset is not None:
            limit = "-1"
        return super().limit(limit, offset)

    def number(self, column: str, *, long: bool) -> str:
        # A cast gives a binary number, which is fast and keeps 15 digits apart. The collation of
        # ours (database/sqlite/decimals.py) keeps all.
        return f"{column} COLLATE {DECIMAL_ORDER}" if long else super().number(column, long=long)

    def in_array(self, operand: str, placeholder: str, kind: str | None, *, negated: bool) -> str:
        if kind == "binary":
            # JSON holds no bytes, so their hexadecimal digits are compared. hex(NULL) is '': the
            # CASE keeps it NULL.
            operand = f"CASE WHEN {operand} IS NOT NULL THEN hex({operand}) END"
        # SQLite has no arrays, but it reads JSON: one parameter however long the list is.
        keyword = "NOT IN" if negated else "IN"
        return f"{operand} {keyword} (SELECT value FROM json_each({placeholder}))"

    def array_encoder(self, encode: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
        plain = super().array_encoder(encode)
        return lambda values: _array(plain(values))


def _array(values: list[Any]) -> str:
    try:
        return json.dumps(values, ensure_ascii=False, allow_nan=False, default=_digits)
    except ValueError:
        # JSON has no infinity, but a number too large for SQLite is one.
        return f"[{','.join(map(_number, values))}]"


def _digits(value: bytes) -> str:
    return value.hex().upper()


def _number(value: float) -> str:
    if math.isinf(value):
        return "9e999" if value > 0 else "-9e999"
    return json.dumps(value)
