"""Statements that a database refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors.database import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Sequence


class StatementError(DatabaseError):
    """The database refused a statement. Carries the SQL (cut at 4,096 characters), never the
    values.
    """

    code = "statement_error"

    def __init__(self, message: str, sql: str) -> None:
        self.sql = sql if len(sql) <= 4096 else sql[:4096] + "…"
        super().__init__(f"{message} (SQL: {self.sql})")


class ConstraintError(StatementError):
    """A constraint of the schema refused a row.

    Attributes:
        table: the table, where the database says it.
        columns: the columns, where the database says them.
        constraint: the constraint's or index's name, where the database says it.
    """

    code = "constraint_violated"

    def __init__(
        self,
        message: str,
        sql: str,
        *,
        table: str | None = None,
        columns: Sequence[str] = (),
        constraint: str | None = None,
    ) -> None:
        self.table = table
        self.columns = tuple(columns)
        self.constraint = constraint
        super().__init__(message, sql)


class UniqueConstraintError(ConstraintError):
    """A row with the same key exists."""

    code = "unique_violated"


class ForeignKeyConstraintError(ConstraintError):
    """A row points at one that does not exist, or is still pointed at."""

    code = "foreign_key_violated"


class NotNullConstraintError(ConstraintError):
    """A column that must have a value got NULL."""

    code = "not_null_violated"


class CheckConstraintError(ConstraintError):
    """A CHECK of the table was not fulfilled."""

    code = "check_violated"


class ValueOutOfRangeError(StatementError):
    """A value is larger or longer than its column, or not of its type."""

    code = "value_out_of_range"


class StatementTimeoutError(StatementError):
    """A statement ran for longer than it may, or somebody cancelled it on the server."""

    code = "statement_timeout"


class LockTimeoutError(StatementError):
    """A row or table that another transaction holds was not free in time, or at once (NOWAIT)."""

    code = "lock_timeout"


class TransactionConflictError(StatementError):
    """Transactions that ran at the same time stood in each other's way, and this one was given up.
    Nothing of it is stored; run the whole transaction again.
    """

    code = "transaction_conflict"


class DeadlockError(TransactionConflictError):
    """Transactions waited for each other's locks."""

    code = "deadlock"


class SerializationError(TransactionConflictError):
    """Another transaction changed what this one had read."""

    code = "serialization_failure"
