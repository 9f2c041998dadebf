"""PostgreSQL's deltas."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from velocious.errors import QueryError
from velocious.sql.dialects.base import Dialect

if TYPE_CHECKING:
    from collections.abc import Mapping

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

    def quote(self, identifier: str) -> str:
        if len(identifier) > LONGEST_NAME // 4 and len(identifier.encode()) > LONGEST_NAME:
            raise QueryError(
                f"The name {identifier!r} has more than {LONGEST_NAME} bytes, which PostgreSQL "
                "would cut off. Choose a shorter one."
            )
        return super().quote(identifier)

    def placeholder(self, position: int) -> str:
        return f"${position}"
