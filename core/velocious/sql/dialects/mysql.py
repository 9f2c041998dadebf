"""MySQL's and MariaDB's deltas."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal

from velocious.errors import QueryError
from velocious.sql.dialects.base import Dialect
from velocious.sql.dialects.mysql_codecs import MYSQL_CODECS, json_array
from velocious.sql.dialects.mysql_types import FiniteFloatType, MysqlIntegerType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from velocious.sql.types import Codec, ColumnType

#: The server refuses longer names.
LONGEST_NAME = 64

#: MariaDB's and MySQL's names for the same thing: text is compared by its code points, spaces at
#: its end included, as SQLite and PostgreSQL do. Each server skips the other's comment.
COLLATION = "/*M!100200 COLLATE=utf8mb4_nopad_bin */ /*!80017 COLLATE=utf8mb4_0900_bin */"

_ALL_ROWS = "18446744073709551615"


class MysqlDialect(Dialect):
    """MariaDB from 10.6 on, MySQL from 8.0.17 on.

    Its connections set a sql_mode in which ``||``, ``"names"`` and backslashes mean what standard
    SQL says, so that an application's own SQL reads alike on every database.
    """

    name: ClassVar[str] = "mysql"
    column_types: ClassVar[Mapping[str, str]] = {
        **Dialect.column_types,
        "text": "LONGTEXT",
        "float": "DOUBLE",
        "boolean": "TINYINT(1)",
        # Without a digit these two would drop the microseconds.
        "time": "TIME(6)",
        "datetime": "DATETIME(6)",
        "binary": "LONGBLOB",
        "uuid": "CHAR(36) CHARACTER SET ascii COLLATE ascii_bin",
    }
    codecs: ClassVar[Mapping[str, Codec]] = MYSQL_CODECS
    integer_key: ClassVar[str] = "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY"
    # A table would need its columns' names to be understood.
    explain: ClassVar[str] = "EXPLAIN FORMAT=JSON "
    default_row: ClassVar[str] = "() VALUES ()"
    longest_name: ClassVar[int | None] = LONGEST_NAME
    index_of_table: ClassVar[bool] = True
    comments: ClassVar[Literal["inline", "separate"] | None] = "inline"
    long_kinds: ClassVar[frozenset[str]] = frozenset({"text", "json", "binary"})
    # As much as a string has where nothing is said. The limit of an index is 768 characters.
    index_prefix: ClassVar[int] = 255
    # The server's own default for tables may be another, older one.
    table_options: ClassVar[str] = f" ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 {COLLATION}"

    @cached_property
    def types(self) -> Mapping[str, ColumnType]:
        own = (MysqlIntegerType(), FiniteFloatType())
        return {**super().types, **{one.kind: one for one in own}}

    def quote(self, identifier: str) -> str:
        if not identifier or "\x00" in identifier or len(identifier) > LONGEST_NAME:
            raise QueryError(
                f"{identifier!r} is not a usable name for a table or column. Give it 1 to "
                f"{LONGEST_NAME} characters."
            )
        return "`" + identifier.replace("`", "``") + "`"

    def limit(self, limit: str | None, offset: str | None) -> str:
        # There is no OFFSET without LIMIT; the manual itself recommends this number.
        if limit is None and offset is not None:
            limit = _ALL_ROWS
        return super().limit(limit, offset)

    def rename_index(self, table: str, name: str, new_name: str) -> str:
        names = f"{self.quote(name)} TO {self.quote(new_name)}"
        return f"ALTER TABLE {self.quote(table)} RENAME INDEX {names}"

    def upsert(self, conflict: tuple[str, ...], update: tuple[str, ...]) -> str:
        # ON DUPLICATE KEY looks at every unique key. Where the row collides on another one than
        # *conflict*, it would quietly change a row that nobody meant: the subquery of two rows
        # makes that an error (1242, which errors.py knows).
        same = " AND ".join(f"{self.quote(key)} <=> VALUES({self.quote(key)})" for key in conflict)
        first, *others = update or conflict[:1]
        value = f"VALUES({self.quote(first)})" if update else self.quote(first)
        sets = [f"{self.quote(first)} = IF({same}, {value}, (SELECT 1 UNION ALL SELECT 2))"]
        sets += [f"{self.quote(name)} = VALUES({self.quote(name)})" for name in others]
        return f" ON DUPLICATE KEY UPDATE {', '.join(sets)}"

    def among(self, select: str, *, limited: bool, changing: bool) -> str:
        # A limit is refused inside of IN, and so is the table that is being changed; the rows of a
        # derived table are neither. DISTINCT keeps the server from merging it away.
        if not limited and not changing:
            return select
        return f"SELECT * FROM (SELECT DISTINCT * FROM ({select}) AS meant) AS distinct_rows"

    def like(self, operand: str, pattern: str, escape: str, *, negated: bool) -> str:
        # The collation tells cases apart.
        text = f"LOWER({operand}) {'NOT LIKE' if negated else 'LIKE'} LOWER({pattern})"
        return f"{text} ESCAPE '{escape}'" if escape else text

    def average(self, operand: str, kind: str) -> str:
        # AVG keeps four digits more than its operand has: 0.3333.
        if kind == "decimal":
            return f"CONCAT(SUM({operand}), '/', COUNT({operand}))"
        if kind == "float":
            return super().average(operand, kind)
        return f"SUM({operand}) / CAST(COUNT({operand}) AS DOUBLE)"

    def default(self, kind: str, literal: str) -> str:
        # MySQL takes a default for these as an expression only.
        return f"({literal})" if kind in self.long_kinds else literal

    def in_array(self, operand: str, placeholder: str, kind: str | None, *, negated: bool) -> str:
        # There are no arrays, but JSON becomes rows: one parameter however long the list is.
        rows = _ARRAYS.get(kind or "", _TEXTS).format(place=placeholder)
        return f"{operand} {'NOT IN' if negated else 'IN'} ({rows})"

    def array_encoder(self, encode: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
        return json_array(encode)


def _array(type: str, value: str = "value") -> str:
    return f"SELECT {value} FROM JSON_TABLE({{place}}, '$[*]' COLUMNS (value {type} PATH '$')) AS l"


# The column of the rows has the type of what they are compared with: otherwise both would become
# floating-point numbers, which lose digits and use no index.
_TEXTS = _array("LONGTEXT")
_ARRAYS: Mapping[str, str] = {
    "integer": _array("BIGINT"),
    "bigint": _array("BIGINT"),
    "boolean": _array("BIGINT"),
    "float": _array("DOUBLE"),
    "decimal": _array("DECIMAL(65, 30)"),
    "date": _array("DATE"),
    "time": _array("TIME(6)"),
    "datetime": _array("DATETIME(6)"),
    "binary": _array("LONGTEXT", "UNHEX(value)"),
}
