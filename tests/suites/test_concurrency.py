"""Many tasks at once: nothing is lost, nothing is mixed, nothing stays open."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.suites.models import Account, Project, Task
from velocious.errors import (
    AdvisoryLockBusyError,
    AdvisoryLockTimeoutError,
    TransactionTaskError,
)

if TYPE_CHECKING:
    from velocious.configuration import Configuration


async def test_a_hundred_creates_at_once_are_all_there(tracker: Configuration) -> None:
    made = await asyncio.gather(*(Account.create(name=f"account {i}") for i in range(100)))
    assert len({one.id for one in made}) == 100
    for number, account in enumerate(made):
        assert (await Account.find(account.id)).name == f"account {number}"


async def test_a_hundred_saves_of_whole_trees_at_once_do_not_mix(tracker: Configuration) -> None:
    async def tree(number: int) -> Project:
        project = Project(name=f"project {number}")
        project.tasks.build(name=f"task of {number}")
        return await project.save()

    for number, project in enumerate(await asyncio.gather(*map(tree, range(100)))):
        assert await Task.where(project_id=project.id).pluck("name") == [f"task of {number}"]
    assert await Task.count() == 100


async def test_creates_at_once_inside_a_transaction_are_a_clear_error(
    tracker: Configuration,
) -> None:
    with pytest.raises(TransactionTaskError, match="handed_over"):
        async with Account.transaction():
            await asyncio.gather(*(Account.create(name=f"account {i}") for i in range(100)))
    assert await Account.count() == 0
    await Account.create(name="after")
    assert await Account.count() == 1


async def test_creates_that_are_handed_the_transaction_are_stored_with_it(
    tracker: Configuration,
) -> None:
    async with Account.transaction() as transaction:

        async def create(number: int) -> None:
            async with transaction.handed_over():
                await Account.create(name=f"account {number}")

        await asyncio.gather(*map(create, range(100)))
    assert await Account.count() == 100


async def test_a_rolled_back_task_takes_nothing_of_others_with_it(tracker: Configuration) -> None:
    opened, finished = asyncio.Event(), asyncio.Event()

    async def fails() -> None:
        async with Account.transaction():
            await Account.create(name="gone")
            opened.set()
            await asyncio.sleep(0.01)
            raise LookupError

    async def works() -> None:
        await opened.wait()
        await Account.create(name="kept")
        finished.set()

    failed, _ = await asyncio.gather(fails(), works(), return_exceptions=True)
    assert isinstance(failed, LookupError)
    assert finished.is_set()
    assert await Account.pluck("name") == ["kept"]


@pytest.mark.parametrize("turns", range(0, 10))
async def test_a_cancelled_task_leaves_no_transaction_open(
    tracker: Configuration, turns: int
) -> None:
    async def work() -> None:
        async with Account.transaction():
            for number in range(30):
                await Account.create(name=f"account {number}")
                await asyncio.sleep(0)

    task = asyncio.create_task(work())
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await Account.count() == 0
    assert tracker.database().current_transaction() is None
    async with asyncio.timeout(10):
        await Account.create(name="after")
    assert await Account.pluck("name") == ["after"]


async def test_creates_that_are_cancelled_together_leave_the_database_usable(
    tracker: Configuration,
) -> None:
    tasks = [asyncio.create_task(Account.create(name=f"account {i}")) for i in range(100)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    stored = {one.name for one in results if isinstance(one, Account)}
    assert stored >= {f"account {i}" for i in range(1, 100, 2)}
    # A cancelled create may have been committed before it heard of it, but no other row is there.
    assert stored <= set(await Account.pluck("name"))
    async with asyncio.timeout(10):
        await Account.create(name="after")


async def test_a_lock_serialises_what_reads_before_it_writes(tracker: Configuration) -> None:
    async def find_or_create() -> None:
        async with Account.with_advisory_lock("accounts"):
            if not await Account.exists(name="the one"):
                await asyncio.sleep(0)
                await Account.create(name="the one")

    await asyncio.gather(*(find_or_create() for _ in range(20)))
    assert await Account.count() == 1


async def test_a_lock_that_is_held_is_busy_or_times_out(tracker: Configuration) -> None:
    async def other_task() -> None:
        with pytest.raises(AdvisoryLockBusyError) as busy:
            async with Task.with_advisory_lock_or_fail("import"):
                pytest.fail("two held it")
        with pytest.raises(AdvisoryLockTimeoutError) as timeout:
            async with Task.with_advisory_lock("import", timeout=0.02):
                pytest.fail("two held it")
        assert (busy.value.lock_name, timeout.value.lock_name) == ("import", "import")

    async with Task.with_advisory_lock("import", timeout=1):
        await asyncio.create_task(other_task())
