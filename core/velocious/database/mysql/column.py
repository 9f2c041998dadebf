"""A row of ``information_schema.COLUMNS`` as a column of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from velocious.database.mysql.shown_text import with_standard_text
from velocious.database.schema import Column

if TYPE_CHECKING:
    from velocious.database.driver import Row
    from velocious.database.mysql.server import Server

KINDS: Final[dict[str, str]] = {
    **dict.fromkeys(("tinyint", "smallint", "mediumint", "int", "year"), "integer"),
    "bigint": "bigint",
    **dict.fromkeys(("float", "double"), "float"),
    "decimal": "decimal",
    "date": "date",
    "time": "time",
    **dict.fromkeys(("datetime", "timestamp"), "datetime"),
    "json": "json",
    **dict.fromkeys(("tinyblob", "blob", "mediumblob", "longblob"), "binary"),
    **dict.fromkeys(("binary", "varbinary", "bit"), "binary"),
    "uuid": "uuid",
    **dict.fromkeys(("char", "varchar", "enum", "set", "inet4", "inet6"), "string"),
    **dict.fromkeys(("tinytext", "text", "mediumtext", "longtext"), "text"),
}

#: What a comment may say about a column whose type is ambiguous.
_COMMENT = re.compile(r"\bvelocious:type=(\w+)")
_JSON_CHECK = re.compile(r"json_valid\([`\"](.+)[`\"]\)", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
_QUOTED_NUMBER = re.compile(r"'(-?\d+(?:\.\d+)?)'")
_NUMBERS = frozenset({"integer", "bigint", "float", "decimal", "boolean"})
#: How MySQL, but not MariaDB, spells text inside of expressions.
_INTRODUCED = re.compile(r"_utf8mb4\\?'((?:[^'\\]|\\\\)*)\\?'")


def json_columns(checks: list[Row]) -> frozenset[str]:
    """The columns that MariaDB declares as text with a check, when told JSON; *checks* are names
    and clauses.
    """
    found = ((name, _JSON_CHECK.fullmatch(clause)) for name, clause in checks)
    return frozenset(name for name, match in found if match and match.group(1) == name)


def read_column(row: Row, in_key: bool, json: frozenset[str], server: Server) -> Column:
    """The column that *row* of the introspector's query describes."""
    name, declared, base, null, default, extra, limit, precision, scale, collation, comment = row
    kind = _kind(name, declared, base, collation, comment, json)
    extra = extra.lower()
    automatic = "auto_increment" in extra
    return Column(
        name=name,
        kind=kind,
        declared=declared,
        null=null == "YES",
        default=None if automatic else _default(default, kind, extra, server),
        primary_key=in_key,
        automatic=automatic,
        generated="virtual generated" in extra or "stored generated" in extra,
        limit=limit if kind == "string" else None,
        precision=precision if kind == "decimal" else None,
        scale=scale if kind == "decimal" else None,
    )


def _kind(
    name: str, declared: str, base: str, collation: str | None, comment: str, json: frozenset[str]
) -> str:
    said = _COMMENT.search(comment)
    if said:
        return said.group(1)
    # These two are how our migrations spell booleans and UUIDs, and hardly anybody means
    # something else by them.
    if declared.startswith("tinyint(1)"):
        return "boolean"
    if declared == "char(36)" and collation == "ascii_bin":
        return "uuid"
    return "json" if name in json else KINDS.get(base, "any")


def _default(text: str | None, kind: str, extra: str, server: Server) -> str | None:
    """The default as SQL text, whichever of the two servers tells it."""
    if text is None or text == "NULL":
        return None
    if server.mariadb:
        text = with_standard_text(text)
    else:
        if "default_generated" in extra:
            text = _INTRODUCED.sub(lambda found: f"'{found.group(1)}'", text)
        elif kind not in _NUMBERS or not _PLAIN_NUMBER.fullmatch(text):
            text = "'" + text.replace("'", "''") + "'"
    number = _QUOTED_NUMBER.fullmatch(text) if kind in _NUMBERS else None
    return number.group(1) if number else text
