"""What a column's declared type means to Velocious.

Law: the first word decides, as people spell types; SQLite itself would take any word for a type.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

KINDS: Final[dict[str, str]] = {
    "BIGINT": "bigint",
    "INT8": "bigint",
    "BOOL": "boolean",
    "BOOLEAN": "boolean",
    "BLOB": "binary",
    "BYTEA": "binary",
    "BINARY": "binary",
    "VARBINARY": "binary",
    "DATE": "date",
    "TIME": "time",
    "DATETIME": "datetime",
    "TIMESTAMP": "datetime",
    "TIMESTAMPTZ": "datetime",
    "DEC": "decimal",
    "DECIMAL": "decimal",
    "DECIMAL_TEXT": "decimal",
    "NUMERIC": "decimal",
    "REAL": "float",
    "FLOAT": "float",
    "DOUBLE": "float",
    "INT": "integer",
    "INTEGER": "integer",
    "TINYINT": "integer",
    "SMALLINT": "integer",
    "MEDIUMINT": "integer",
    "INT2": "integer",
    "INT4": "integer",
    "UNSIGNED": "bigint",
    "JSON": "json",
    "JSONB": "json",
    "JSON_TEXT": "json",
    "CHAR": "string",
    "CHARACTER": "string",
    "NATIVE": "string",
    "NCHAR": "string",
    "NVARCHAR": "string",
    "VARCHAR": "string",
    "VARYING": "string",
    "CLOB": "text",
    "TEXT": "text",
    "GUID": "uuid",
    "UUID": "uuid",
}

_PARTS = re.compile(r"\s*(\w+)[^(]*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?")


class DeclaredType(NamedTuple):
    """A kind, with what was written in parentheses."""

    kind: str
    limit: int | None = None
    precision: int | None = None
    scale: int | None = None


def read_type(declared: str) -> DeclaredType:
    """The meaning of *declared*; ``text`` for a type nobody knows."""
    match = _PARTS.match(declared)
    if match is None:
        return DeclaredType("text")
    kind = KINDS.get(match.group(1).upper(), "text")
    first = int(match.group(2)) if match.group(2) else None
    if kind == "decimal":
        scale = int(match.group(3)) if match.group(3) else None
        return DeclaredType(kind, precision=first, scale=scale)
    return DeclaredType(kind, limit=first if kind in ("string", "binary") else None)
