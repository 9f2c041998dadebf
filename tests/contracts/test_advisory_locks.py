"""The contract of advisory locks: among tasks, and among users of one database that only the
environment can tell apart (two of them here; processes and tabs in reality).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from velocious.database.database import Database
from velocious.database.settings import parse_settings
from velocious.errors import (
    AdvisoryLockBusyError,
    AdvisoryLockError,
    AdvisoryLockTimeoutError,
    ConfigurationError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.testing.environment import TestEnvironment

type Pair = tuple[Database, Database]


@pytest.fixture
async def pair(environment: TestEnvironment) -> AsyncIterator[Pair]:
    """One database, opened by two who know nothing of each other."""
    handler = environment.handler()
    async with environment.directory() as directory, environment.databases.fresh(directory) as url:
        files = handler.files(directory)
        settings = parse_settings("default", url)
        factory = handler.drivers()[settings.scheme]
        one, other = Database(settings, factory, files), Database(settings, factory, files)
        await one.open()
        yield one, other
        await one.close()
        await other.close()


@pytest.fixture(params=["one user", "two users"])
def users(request: pytest.FixtureRequest, pair: Pair) -> Pair:
    """Two tasks of one user, or of two: the same rules hold."""
    return (pair[0], pair[0]) if request.param == "one user" else pair


class Holder:
    """A task that holds a lock until it is told to let go."""

    def __init__(self, database: Database, name: str) -> None:
        self.taken = asyncio.Event()
        self.let_go = asyncio.Event()
        self.task = asyncio.create_task(self._hold(database, name))

    async def _hold(self, database: Database, name: str) -> None:
        async with database.advisory_lock(name):
            self.taken.set()
            await self.let_go.wait()

    async def __aenter__(self) -> Holder:
        await self.taken.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.let_go.set()
        await self.task


async def test_a_held_lock_fails_at_once_where_nobody_wants_to_wait(users: Pair) -> None:
    one, other = users
    async with Holder(one, "import"):
        with pytest.raises(AdvisoryLockBusyError, match="'import' is already held") as busy:
            async with other.advisory_lock("import", or_fail=True):
                pytest.fail("two held it")
    assert busy.value.lock_name == "import"
    async with other.advisory_lock("import", or_fail=True):
        pass


async def test_waiting_for_a_held_lock_ends_with_its_timeout(users: Pair) -> None:
    one, other = users
    async with Holder(one, "import"):
        with pytest.raises(AdvisoryLockTimeoutError, match="Timed out waiting") as timeout:
            async with other.advisory_lock("import", timeout=0.05):
                pytest.fail("two held it")
    assert timeout.value.lock_name == "import"
    assert timeout.value.timeout == 0.05


async def test_a_waiter_goes_on_when_the_lock_is_given_back(users: Pair) -> None:
    one, other = users
    order: list[str] = []

    async def wait() -> None:
        async with other.advisory_lock("import", timeout=20):
            order.append("waiter")

    async with Holder(one, "import"):
        waiter = asyncio.create_task(wait())
        await asyncio.sleep(0.02)
        order.append("holder")
    await waiter
    assert order == ["holder", "waiter"]


async def test_a_block_is_never_run_by_two_at_a_time(users: Pair) -> None:
    inside = most = 0

    async def work(database: Database) -> None:
        nonlocal inside, most
        async with database.advisory_lock("import"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(work(users[turn % 2]) for turn in range(20)))
    assert most == 1


async def test_other_names_are_other_locks(users: Pair) -> None:
    one, other = users
    async with (
        Holder(one, "import"),
        other.advisory_lock("export", or_fail=True),
        other.advisory_lock("IMPORT", or_fail=True),
        other.advisory_lock("../im/port", or_fail=True),
    ):
        pass


async def test_an_error_in_the_block_gives_the_lock_back(users: Pair) -> None:
    one, other = users
    with pytest.raises(LookupError):
        async with one.advisory_lock("import"):
            raise LookupError
    async with other.advisory_lock("import", or_fail=True):
        pass


async def test_a_cancelled_holder_gives_the_lock_back(users: Pair) -> None:
    one, other = users
    holder = Holder(one, "import")
    await holder.taken.wait()
    holder.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await holder.task
    async with other.advisory_lock("import", or_fail=True):
        pass


async def test_a_cancelled_waiter_leaves_nothing_behind(users: Pair) -> None:
    one, other = users
    async with Holder(one, "import"):
        waiter = Holder(other, "import")
        await asyncio.sleep(0.02)
        waiter.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiter.task
    for database in users:
        async with database.advisory_lock("import", or_fail=True):
            pass


async def test_a_task_that_would_wait_for_itself_is_told(pair: Pair) -> None:
    async with pair[0].advisory_lock("import"):
        with pytest.raises(AdvisoryLockError, match="wait for itself") as reentry:
            async with pair[0].advisory_lock("import"):
                pytest.fail("it was taken twice")
        with pytest.raises(AdvisoryLockBusyError):
            async with pair[0].advisory_lock("import", or_fail=True):
                pytest.fail("it was taken twice")
    assert reentry.value.lock_name == "import"
    async with pair[1].advisory_lock("import", or_fail=True):
        pass


async def test_a_database_in_memory_has_locks_among_its_tasks(
    environment: TestEnvironment,
) -> None:
    handler = environment.handler()
    settings = parse_settings("default", "sqlite:///:memory:")
    database = Database(settings, handler.drivers()["sqlite"], handler.files(None))
    async with Holder(database, "import"):
        with pytest.raises(AdvisoryLockBusyError):
            async with database.advisory_lock("import", or_fail=True):
                pytest.fail("two held it")
    await database.close()


@pytest.mark.parametrize("name", ["", "im\x00port"])
def test_a_name_must_be_text(pair: Pair, name: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot name an advisory lock"):
        pair[0].advisory_lock(name)


@pytest.mark.parametrize("timeout", [-1, float("nan")])
def test_a_timeout_is_not_negative(pair: Pair, timeout: float) -> None:
    with pytest.raises(ConfigurationError, match="seconds from 0"):
        pair[0].advisory_lock("import", timeout)
