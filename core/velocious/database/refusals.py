"""What every engine answers to a statement that does not belong where it was sent."""

from __future__ import annotations

from velocious.errors import StatementError, TransactionError


def only_reads(sql: str) -> StatementError:
    """The answer to a writing statement where only reading ones are run."""
    return StatementError(
        "fetch runs reading statements only. Use execute, whose result has the rows of RETURNING",
        sql,
    )


def controls_transactions(sql: str) -> TransactionError:
    """The answer to a BEGIN, COMMIT or ROLLBACK from whoever holds no transaction control."""
    return TransactionError(
        f"{sql[:40]!r} would begin or end a transaction behind Velocious's back. "
        "Use `async with database.transaction():`."
    )


def rolled_back(place: str) -> TransactionError:
    """The answer to anything in a transaction that the database at *place* has ended by itself."""
    return TransactionError(
        f"{place} has rolled back the transaction by itself because of "
        "an earlier error, so nothing more can be stored in it. Leave the "
        "transaction's block and begin again."
    )
