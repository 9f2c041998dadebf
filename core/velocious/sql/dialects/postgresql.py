"""PostgreSQL's deltas."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from velocious.errors import QueryError
from velocious.sql.dialects.base import Dialect
from velocious.sql.dialects.postgresql_text import cut_at_marks
from velocious.sql.dialects.postgresql_types import (
    POSTGRESQL_CODECS,
    NativeType,
    SmallIntegerType,
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
    }
    nulls_last: ClassVar[bool] = True
    sorts_distinct: ClassVar[bool] = False
    strict_types: ClassVar[bool] = True

    @cached_property
    def types(self) -> Mapping[str, ColumnType]:
        own = (SmallIntegerType(), NativeType())
        return {**super().types, **{one.kind: one for one in own}}

    def shortened(self, name: str) -> str:
        encoded = name.encode()
        if len(encoded) <= LONGEST_NAME:
            return name
        # Imported late: few names are this long.
        from hashlib import sha256

        digest = sha256(encoded).hexdigest()[:12]
        return f"{encoded[: LONGEST_NAME - 13].decode(errors='ignore')}_{digest}"

    def quote(self, identifier: str) -> str:
        if len(identifier) > LONGEST_NAME // 4 and len(identifier.encode()) > LONGEST_NAME:
            raise QueryError(
                f"The name {identifier!r} has more than {LONGEST_NAME} bytes, which PostgreSQL "
                "would cut off. Choose a shorter one."
            )
        return super().quote(identifier)

    def placeholder(self, position: int) -> str:
        return f"${position}"

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

    def bytes_literal(self, value: bytes) -> str:
        return f"'\\x{value.hex()}'"
