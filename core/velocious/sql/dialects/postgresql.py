"""PostgreSQL's deltas."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal

from velocious.errors import QueryError
from velocious.sql.definition_compiler import literal
from velocious.sql.dialects.base import Dialect
from velocious.sql.dialects.postgresql_text import cut_at_marks
from velocious.sql.dialects.postgresql_types import (
    POSTGRESQL_CODECS,
    NativeType,
    PostgresqlIntegerType,
    SoughtIntegerType,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.sql.statements import Lock
    from velocious.sql.types import Codec, ColumnType

#: Longer names are cut by the server without a word, so that two of them could become one.
LONGEST_NAME = 63


class PostgresqlDialect(Dialect):
    """PostgreSQL, from 13 on."""

    name: ClassVar[str] = "postgresql"
    column_types: ClassVar[Mapping[str, str]] = {
        **Dialect.column_types,
        "decimal": "NUMERIC({precision}, {scale})",
        "datetime": "TIMESTAMPTZ",
        # Unlike JSON it can be compared, grouped and indexed.
        "json": "JSONB",
        "binary": "BYTEA",
    }

    codecs: ClassVar[Mapping[str, Codec]] = POSTGRESQL_CODECS
    # There is no SUM of booleans, and no MIN of UUIDs and bytes, whose text sorts as they do.
    aggregates: ClassVar[Mapping[str, str]] = {
        "boolean": "integer",
        "uuid": "text",
        "binary": "text",
        "json": "text",
    }
    longest_name: ClassVar[int | None] = LONGEST_NAME
    nulls_last: ClassVar[bool] = True
    sorts_distinct: ClassVar[bool] = False
    comments: ClassVar[Literal["inline", "separate"] | None] = "separate"
    index_methods: ClassVar[frozenset[str]] = frozenset(
        {"btree", "hash", "gin", "gist", "spgist", "brin"}
    )
    concurrent_indexes: ClassVar[bool] = True
    drops_dependents: ClassVar[bool] = True
    late_validation: ClassVar[bool] = True
    # Columns that are computed when they are read came with version 18.
    ddl_features: ClassVar[frozenset[str]] = frozenset({"arrays", "binary_json"})
    strict_types: ClassVar[bool] = True

    @cached_property
    def types(self) -> Mapping[str, ColumnType]:
        own = (PostgresqlIntegerType(), NativeType())
        return {**super().types, **{one.kind: one for one in own}}

    def quote(self, identifier: str) -> str:
        if len(identifier) > LONGEST_NAME // 4 and len(identifier.encode()) > LONGEST_NAME:
            raise QueryError(
                f"The name {identifier!r} has more than {LONGEST_NAME} bytes, which PostgreSQL "
                "would cut off. Choose a shorter one."
            )
        return super().quote(identifier)

    def placeholder(self, position: int) -> str:
        return f"${position}"

    def count_on(self, table: str, key: str) -> str | None:
        # A sequence does not look at the rows. Who may not set it may have one of his own.
        sequence = f"pg_get_serial_sequence({literal(self.quote(table))}, {literal(key)})"
        return (
            f"SELECT setval(name, $1::bigint) FROM (SELECT {sequence} AS name) AS sequence "
            "WHERE name IS NOT NULL AND has_sequence_privilege(name, 'UPDATE') "
            "AND $1::bigint > coalesce(pg_sequence_last_value(name::regclass), 0)"
        )

    def bound(self, placeholder: str, storage: str) -> str:
        wide = storage == SoughtIntegerType.storage
        return f"CAST({placeholder} AS BIGINT)" if wide else placeholder

    def in_array(self, operand: str, placeholder: str, kind: str | None, *, negated: bool) -> str:
        if kind == SoughtIntegerType.storage:
            placeholder = f"CAST({placeholder} AS BIGINT[])"
        return super().in_array(operand, placeholder, kind, negated=negated)

    def split_placeholders(self, sql: str) -> list[str]:
        # Brackets are arrays, dollars quote, and a backtick is an operator.
        return cut_at_marks(sql)

    def lock(self, alias: str, lock: Lock) -> str:
        # Rows of tables that a LEFT JOIN may leave out cannot be locked.
        of = f" FOR UPDATE OF {self.quote(alias)}"
        return super().lock(alias, lock).replace(" FOR UPDATE", of)

    def like(self, operand: str, pattern: str, escape: str, *, negated: bool) -> str:
        # LIKE knows the case of letters here, takes text alone, and a backslash escapes unless the
        # clause says that nothing does.
        keyword = "NOT ILIKE" if negated else "ILIKE"
        return f"CAST({operand} AS TEXT) {keyword} {pattern} ESCAPE '{escape}'"

    def average(self, operand: str, kind: str) -> str:
        # AVG of numerics keeps about 16 digits; that of floats squares them on the way, which may
        # be too large.
        if kind == "decimal":
            return f"SUM({operand}) || '/' || COUNT({operand})"
        if kind == "float":
            return f"SUM({operand}) / COUNT({operand})"
        return super().average(operand, kind)

    def bytes_literal(self, value: bytes) -> str:
        return f"'\\x{value.hex()}'"
