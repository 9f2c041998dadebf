"""What runs after a transaction's end.

Law: every callback runs, whatever the others do; failures are reported together afterwards and can
neither undo the commit nor hide the error that caused a rollback.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import TransactionError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A plain or ``async`` callable without arguments; what it returns is dropped.
type Callback = Callable[[], Any]

_log = logging.getLogger("velocious.database")


async def run_after_commit(callbacks: Sequence[Callback]) -> None:
    """Run *callbacks* in their order.

    Raises:
        TransactionError: from the group of what they raised, after all of them ran.
    """
    failures = await _run(callbacks)
    if failures:
        raise TransactionError(
            f"The transaction was committed, but {len(failures)} of its {len(callbacks)} "
            f"after_commit callbacks failed, first with {failures[0]!r}. The rows are stored; "
            "repeat what the callbacks should have done."
        ) from ExceptionGroup("after_commit callbacks failed", failures)


async def run_after_rollback(callbacks: Sequence[Callback], error: BaseException) -> None:
    """Run *callbacks* in their order; what they raise is logged and noted on *error*."""
    # What was done last is undone first.
    for failure in await _run(list(reversed(callbacks))):
        _log.error("An after_rollback callback failed", exc_info=failure)
        error.add_note(f"Also, an after_rollback callback failed: {failure!r}")


async def _run(callbacks: Sequence[Callback]) -> list[Exception]:
    failures: list[Exception] = []
    cancelled: asyncio.CancelledError | None = None
    for callback in callbacks:
        try:
            answer = callback()
            if isinstance(answer, Awaitable):
                await cast("Awaitable[object]", answer)
        except asyncio.CancelledError as stop:
            cancelled = stop
        except Exception as failure:
            failures.append(failure)
    if cancelled is not None:
        for failure in failures:
            _log.error("A callback after a transaction failed", exc_info=failure)
        raise cancelled
    return failures
