"""What runs after a transaction."""

from __future__ import annotations

import asyncio

import pytest

from velocious.database.callbacks import run_after_commit, run_after_rollback
from velocious.errors import TransactionError


async def test_runs_plain_and_async_callables_in_their_order() -> None:
    seen: list[str] = []

    async def slow() -> None:
        await asyncio.sleep(0)
        seen.append("async")

    await run_after_commit([lambda: seen.append("first"), slow, lambda: seen.append("last")])
    assert seen == ["first", "async", "last"]


async def test_reports_every_failure_of_a_commit_after_all_ran() -> None:
    seen: list[str] = []

    def fail() -> None:
        raise ValueError("broken")

    async def fail_later() -> None:
        raise KeyError("broken, too")

    with pytest.raises(TransactionError, match="2 of its 3") as caught:
        await run_after_commit([fail, fail_later, lambda: seen.append("ran")])
    assert repr(caught.value.__cause__) == (
        "ExceptionGroup('after_commit callbacks failed', "
        "[ValueError('broken'), KeyError('broken, too')])"
    )
    assert seen == ["ran"]


async def test_a_cancellation_comes_out_after_the_others_ran() -> None:
    seen: list[str] = []

    async def cancelled() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await run_after_commit([cancelled, lambda: seen.append("ran")])
    assert seen == ["ran"]


async def test_a_failure_after_a_rollback_is_logged_and_noted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> None:
        raise ValueError("broken")

    error = KeyError("first")
    await run_after_rollback([fail], error)
    assert error.__notes__ == ["Also, an after_rollback callback failed: ValueError('broken')"]
    assert "An after_rollback callback failed" in caplog.text
