"""The schemas of tests: CREATE TABLE in SQLite's words, which other databases get in theirs.

Law: only what test schemas are written with is understood: types, keys that count up, truth as 0
and 1. Statements and values of a test stay as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.sql.dialects.base import Dialect

#: SQLite's spelling → our kind. Its INTEGER has 64 bits.
_WORDS = {
    "DATETIME": "datetime",
    "DECIMAL_TEXT": "decimal",
    "INTEGER": "bigint",
    "INT": "bigint",
    "REAL": "float",
    "JSON_TEXT": "json",
    "BLOB": "binary",
    "TIME": "time",
    "UUID": "uuid",
}
_KEY = re.compile(r"INTEGER PRIMARY KEY(?: AUTOINCREMENT)?(?: NOT NULL)?\b")
_TRUTH = re.compile(r"(BOOLEAN(?: NOT NULL)? DEFAULT) ([01])")
_TEXT_KEY = re.compile(r"""(?<=[\w"] )TEXT\b(?=(?: NOT NULL)? (?:UNIQUE|PRIMARY))""")
_TEXT = re.compile(r"""(?<=[\w"] )TEXT\b""")
_TYPE = re.compile(rf"""(?<=[\w"] )({"|".join(_WORDS)})\b(\(\d+(?:, ?\d+)?\))?""")
#: Some of the names are reserved words elsewhere.
_TABLE_NAME = re.compile(r"(CREATE TABLE )(\w+)")
_COLUMN_NAME = re.compile(r"([(,]\s*)([a-z_]\w*)(?= [A-Za-z])")


def schema_for(dialect: Dialect, text: str) -> str:
    """The statements of *text* in the words of *dialect*."""
    if dialect.name == "sqlite":
        return text

    def spelled(found: re.Match[str]) -> str:
        spelling = dialect.column_types[_WORDS[found.group(1)]]
        if "{" in spelling:
            spelling = spelling.partition("(")[0]
        return spelling + (found.group(2) or "")

    text = _TABLE_NAME.sub(r'\1"\2"', text)
    text = _COLUMN_NAME.sub(r'\1"\2"', text)
    text = _KEY.sub(dialect.integer_key, text)
    # Where text without a limit cannot be a key, and TEXT has one.
    text = _TEXT_KEY.sub(dialect.column_types["string"].format(limit=255), text)
    text = _TEXT.sub(dialect.column_types["text"], text)
    text = _TRUTH.sub(lambda found: f"{found[1]} {'TRUE' if found[2] == '1' else 'FALSE'}", text)
    return _TYPE.sub(spelled, text)
