"""Transactions and advisory locks."""

from __future__ import annotations

from velocious.errors.database import DatabaseError


class TransactionError(DatabaseError):
    """A transaction was used in a way that would lose or mix work."""

    code = "transaction_error"


class TransactionTaskError(TransactionError):
    """A task used the transaction of another task without being handed it."""

    code = "transaction_of_another_task"

    def __init__(self, owner: str, user: str) -> None:
        self.owner = owner
        self.user = user
        super().__init__(
            f"The task {user!r} runs inside the transaction of the task {owner!r}, but a "
            "transaction belongs to "
            "the task that began it. Await the calls one after another, or hand the transaction "
            "over in the child "
            "task: `async with transaction.handed_over(): …`."
        )


class TransactionLostError(TransactionError):
    """The place where an open transaction ran is gone: nothing of it was stored, and it can be run
    again.

    Attributes:
        database: the identifier of the database.
    """

    code = "transaction_lost"

    def __init__(self, database: str) -> None:
        self.database = database
        super().__init__(
            f"The transaction on the database {database!r} was lost, because the tab that held the "
            "database was closed, reloaded or put to sleep in the middle of it. Nothing of it was "
            "stored. Leave its `async with` block and run the block again."
        )


class AdvisoryLockError(DatabaseError):
    """An advisory lock was not taken.

    Attributes:
        lock_name: its name.
    """

    code = "advisory_lock_error"

    def __init__(self, lock_name: str, message: str) -> None:
        self.lock_name = lock_name
        super().__init__(message)


class AdvisoryLockBusyError(AdvisoryLockError):
    """Somebody holds the advisory lock, and the caller would not wait."""

    code = "advisory_lock_busy"

    def __init__(self, lock_name: str) -> None:
        super().__init__(
            lock_name,
            f"The advisory lock {lock_name!r} is already held. Try again later, or wait for it "
            "with with_advisory_lock(…, timeout=…).",
        )


class AdvisoryLockTimeoutError(AdvisoryLockError):
    """Somebody held the advisory lock for longer than the caller would wait."""

    code = "advisory_lock_timeout"

    def __init__(self, lock_name: str, timeout: float) -> None:
        self.timeout = timeout
        super().__init__(
            lock_name,
            f"Timed out waiting for the advisory lock {lock_name!r} ({timeout:g} s). Try again "
            "later, or give it more time: timeout=….",
        )
