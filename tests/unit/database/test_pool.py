"""The pool, with connections to nowhere and a clock that the tests move."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.unit.database.pool_fakes import FakeServer, make_settings
from velocious.database.pool import Pool
from velocious.errors import (
    DatabaseError,
    DatabaseUnavailableError,
    DatabaseUnreachableError,
    PoolTimeoutError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from tests.unit.database.pool_fakes import FakeConnection


@asynccontextmanager
async def lease(pool: Pool[FakeConnection]) -> AsyncGenerator[FakeConnection]:
    connection = pool.take() or await pool.acquire()
    try:
        yield connection
    finally:
        pool.release(connection)


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


class TestTaking:
    async def test_a_connection_is_used_again(self) -> None:
        server = FakeServer()
        pool = server.pool()
        for _ in range(3):
            async with lease(pool):
                pass
        assert len(server.made) == 1

    async def test_taking_a_free_connection_does_not_wait(self) -> None:
        pool = FakeServer().pool()
        assert pool.take() is None
        async with lease(pool) as first:
            pass
        assert pool.take() is first
        assert pool.take() is None

    async def test_the_one_used_last_is_taken_first(self) -> None:
        pool = FakeServer().pool()
        first, second = await pool.acquire(), await pool.acquire()
        pool.release(first)
        pool.release(second)
        assert await pool.acquire() is second

    async def test_there_are_never_more_than_the_maximum(self) -> None:
        server = FakeServer()
        pool = server.pool(maximum=3)

        async def use() -> None:
            async with lease(pool) as connection:
                connection.users += 1
                assert connection.users == 1
                await asyncio.sleep(0)
                connection.users -= 1

        await asyncio.gather(*(use() for _ in range(50)))
        assert server.most_open == 3
        assert pool.statistics().in_use == 0
        assert pool.statistics().idle == 3

    async def test_releasing_twice_is_an_error(self) -> None:
        pool = FakeServer().pool()
        connection = await pool.acquire()
        pool.release(connection)
        with pytest.raises(DatabaseError, match="released twice"):
            pool.release(connection)


class TestWaiting:
    async def test_tasks_are_served_in_the_order_they_came(self) -> None:
        pool = FakeServer().pool(maximum=1)
        served: list[int] = []

        async def use(number: int) -> None:
            async with lease(pool):
                served.append(number)
                await asyncio.sleep(0)

        await asyncio.gather(*(use(number) for number in range(20)))
        assert served == list(range(20))

    async def test_nobody_overtakes_a_task_that_waits(self) -> None:
        pool = FakeServer().pool(maximum=1)
        connection = await pool.acquire()
        waiting = asyncio.create_task(pool.acquire())
        await settle()
        pool.release(connection)
        assert pool.take() is None
        assert await waiting is connection

    async def test_who_waits_too_long_learns_who_has_the_connections(self) -> None:
        server = FakeServer()
        pool = server.pool(maximum=1, timeout=0.01)

        async def hold() -> None:
            async with lease(pool):
                await asyncio.Event().wait()

        holder = asyncio.create_task(hold(), name="GET /slow")
        await settle()
        server.now += 12.5
        with pytest.raises(PoolTimeoutError) as raised:
            await pool.acquire()
        message = str(raised.value)
        assert "'default'" in message
        assert "0.01 s" in message
        assert "task 'GET /slow' for 12.5 s" in message
        assert "test_pool.py" in message
        assert "in TestWaiting" in message
        assert pool.statistics().timeouts == 1
        holder.cancel()
        await asyncio.wait([holder])
        assert await pool.acquire() is server.made[0]

    async def test_who_waits_for_itself_is_told_so(self) -> None:
        pool = FakeServer().pool(maximum=1, timeout=0.01)
        async with lease(pool):
            with pytest.raises(PoolTimeoutError, match="held by: this task itself for"):
                await pool.acquire()

    async def test_one_that_would_not_wait_may_still_open_a_connection(self) -> None:
        pool = FakeServer().pool(maximum=1, timeout=0)
        async with lease(pool):
            with pytest.raises(PoolTimeoutError):
                await asyncio.create_task(pool.acquire())

    async def test_a_task_that_ended_without_releasing_is_named(self) -> None:
        pool = FakeServer().pool(maximum=1, timeout=0.01)
        await asyncio.create_task(pool.acquire(), name="leaky")
        with pytest.raises(PoolTimeoutError, match=r"'leaky'.* ended without releasing"):
            await pool.acquire()

    async def test_a_cancelled_wait_leaves_no_trace(self) -> None:
        pool = FakeServer().pool(maximum=1)
        connection = await pool.acquire()
        waiting = asyncio.create_task(pool.acquire())
        await settle()
        waiting.cancel()
        await asyncio.wait([waiting])
        assert pool.statistics().waiting == 0
        pool.release(connection)
        assert pool.take() is connection

    async def test_a_turn_given_to_a_cancelled_task_goes_to_the_next(self) -> None:
        pool = FakeServer().pool(maximum=1)
        connection = await pool.acquire()
        first = asyncio.create_task(pool.acquire())
        second = asyncio.create_task(pool.acquire())
        await settle()
        pool.release(connection)
        first.cancel()
        assert await second is connection

    async def test_a_place_given_to_a_cancelled_task_goes_to_the_next(self) -> None:
        server = FakeServer()
        pool = server.pool(maximum=1)
        connection = await pool.acquire()
        first = asyncio.create_task(pool.acquire())
        second = asyncio.create_task(pool.acquire())
        await settle()
        connection.terminate()
        pool.release(connection)
        first.cancel()
        assert await second is server.made[1]
        assert pool.statistics().open == 1


class TestBrokenConnections:
    async def test_a_broken_connection_is_dropped(self) -> None:
        server = FakeServer()
        pool = server.pool()
        async with lease(pool) as first:
            first.is_closed = True
        async with lease(pool) as second:
            assert second is not first
        assert pool.statistics().open == 1

    async def test_a_connection_that_broke_while_idle_is_not_handed_out(self) -> None:
        pool = FakeServer().pool()
        async with lease(pool) as first:
            pass
        first.is_closed = True
        async with lease(pool) as second:
            assert second is not first
        assert pool.statistics().open == 1

    async def test_a_connection_that_was_idle_for_long_is_asked_first(self) -> None:
        server = FakeServer()
        pool = server.pool(check_after=5)
        async with lease(pool) as first:
            pass
        server.now += 5
        async with lease(pool):
            assert first.calls == []
        server.now += 5.1
        async with lease(pool) as again:
            assert again is first
            assert first.calls == ["ping"]

    async def test_one_that_does_not_answer_is_replaced(self) -> None:
        server = FakeServer()
        pool = server.pool(check_after=5)
        async with lease(pool):
            pass
        server.now += 6
        server.die()
        async with lease(pool) as connection:
            assert connection is server.made[1]
        assert server.made[0].is_closed
        assert pool.statistics().open == 1

    async def test_one_that_broke_in_use_makes_the_pool_doubt_the_others(self) -> None:
        server = FakeServer()
        pool = server.pool()
        first, second = await pool.acquire(), await pool.acquire()
        pool.release(first)
        second.is_closed = True
        pool.release(second)
        async with lease(pool):
            assert first.calls == ["ping"]

    async def test_an_open_transaction_is_rolled_back_before_the_next_use(self) -> None:
        pool = FakeServer().pool(maximum=1)
        async with lease(pool) as first:
            first.in_transaction = True
        async with lease(pool) as second:
            assert second is first
            assert first.calls == ["reset"]

    async def test_one_whose_rollback_fails_is_dropped(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server = FakeServer()
        pool = server.pool(maximum=1)
        async with lease(pool) as first:
            first.in_transaction = True

            async def fail() -> None:
                raise DatabaseUnavailableError("no")

            monkeypatch.setattr(first, "reset", fail)
        async with lease(pool) as second:
            assert second is server.made[1]
        assert first.is_closed

    async def test_a_task_cancelled_while_a_connection_is_asked_leaves_its_place(self) -> None:
        server = FakeServer()
        pool = server.pool(maximum=1, check_after=5)
        async with lease(pool) as first:
            pass
        server.now += 6
        first.hangs = True
        asking = asyncio.create_task(pool.acquire())
        await settle()
        asking.cancel()
        await asyncio.wait([asking])
        assert first.is_closed
        async with lease(pool) as second:
            assert second is server.made[1]


class TestReaching:
    async def test_a_server_that_was_never_there_is_reported_at_once(self) -> None:
        server = FakeServer()
        server.failure = DatabaseUnreachableError("refused")
        pool = server.pool()
        with pytest.raises(DatabaseUnreachableError, match="refused"):
            await pool.open()
        assert server.tries == 1
        assert pool.statistics().open == 0

    async def test_a_server_that_was_there_is_tried_again_until_it_is_back(self) -> None:
        server = FakeServer()
        pool = server.pool(maximum=1)
        async with lease(pool) as first:
            first.is_closed = True
        server.failure = DatabaseUnreachableError("restarting")
        waiting = asyncio.create_task(pool.acquire())
        await settle()
        assert server.tries == 2
        server.failure = None
        server.now += 0.05
        assert (await waiting).number == 2
        assert server.tries == 3

    async def test_trying_ends_at_the_deadline(self) -> None:
        server = FakeServer()
        pool = server.pool(maximum=1, timeout=0.01)
        async with lease(pool) as first:
            first.is_closed = True
        server.failure = DatabaseUnreachableError("refused")
        with pytest.raises(DatabaseUnreachableError, match="refused"):
            await pool.acquire()
        assert pool.statistics().open == 0

    async def test_a_wrong_password_is_not_tried_again(self) -> None:
        server = FakeServer()
        pool = server.pool(maximum=1)
        async with lease(pool) as first:
            first.is_closed = True
        server.failure = DatabaseUnavailableError("wrong password")
        with pytest.raises(DatabaseUnavailableError, match="wrong password"):
            await pool.acquire()
        assert server.tries == 2

    async def test_a_server_that_says_nothing_is_given_up(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("velocious.database.pool_connector.PATIENCE", 0.01)
        never = asyncio.Event()

        async def connect() -> FakeConnection:
            await never.wait()
            raise AssertionError

        pool = Pool(connect, make_settings(timeout=0.02))
        with pytest.raises(DatabaseUnreachableError, match="did not answer"):
            await pool.acquire()
        assert pool.statistics().open == 0

    async def test_a_failed_try_passes_its_place_on(self) -> None:
        server = FakeServer()
        pool = server.pool(maximum=1)
        server.failure = DatabaseUnreachableError("refused")
        answers = await asyncio.gather(*(pool.acquire() for _ in range(3)), return_exceptions=True)
        assert [type(answer) for answer in answers] == [DatabaseUnreachableError] * 3
        assert pool.statistics().open == 0


class TestUpkeep:
    async def test_idle_connections_beyond_the_minimum_are_closed(self) -> None:
        server = FakeServer()
        pool = server.pool(minimum=1, maximum=3, idle_timeout=60)
        for connection in [await pool.acquire() for _ in range(3)]:
            pool.release(connection)
        server.now += 59
        pool.sweep()
        await settle()
        assert len(server.open) == 3
        server.now += 1
        pool.sweep()
        await settle()
        assert len(server.open) == pool.statistics().open == 1
        await pool.close()

    async def test_an_old_connection_is_replaced_when_it_comes_back(self) -> None:
        server = FakeServer()
        pool = server.pool(max_lifetime=100)
        async with lease(pool) as first:
            server.now += 100
        await settle()
        assert first.is_closed
        assert first.calls == ["close", "terminate"]
        async with lease(pool) as second:
            assert second is not first

    async def test_the_minimum_is_opened_and_kept(self) -> None:
        server = FakeServer()
        pool = server.pool(minimum=2, maximum=3, max_lifetime=100)
        await pool.open()
        await settle()
        assert pool.statistics().idle == 2
        server.now += 100
        pool.sweep()
        await settle()
        pool.sweep()
        await settle()
        assert pool.statistics().idle == 2
        assert len(server.made) == 4
        await pool.close()

    async def test_it_sweeps_by_itself(self) -> None:
        server = FakeServer()
        pool = server.pool(idle_timeout=0.1)
        async with lease(pool) as connection:
            pass
        server.now += 1
        await asyncio.sleep(0.1)
        assert connection.is_closed
        assert pool.statistics().open == 0

    async def test_a_farewell_that_hangs_is_cut_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("velocious.database.pool.PATIENCE", 0.01)
        server = FakeServer()
        pool = server.pool(maximum=1, max_lifetime=1)
        async with lease(pool) as first:
            first.hangs = True
            server.now += 2
        async with lease(pool) as second:
            assert second is server.made[1]
        assert first.is_closed


class TestClosing:
    async def test_closing_waits_for_those_who_work(self) -> None:
        server = FakeServer()
        pool = server.pool()
        connection = await pool.acquire()
        closing = asyncio.create_task(pool.close())
        await settle()
        assert not closing.done()
        assert not connection.is_closed
        pool.release(connection)
        await closing
        assert server.open == []
        assert pool.statistics().open == 0

    async def test_closing_cuts_off_those_who_take_too_long(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        pool = FakeServer().pool()
        connection = await pool.acquire()
        await pool.close(timeout=0.01)
        assert connection.is_closed
        assert "1 of its connections are still in use, by: task" in caplog.text
        pool.release(connection)

    async def test_who_waits_is_told_that_it_closes(self) -> None:
        pool = FakeServer().pool(maximum=1)
        connection = await pool.acquire()
        waiting = asyncio.create_task(pool.acquire())
        await settle()
        closing = asyncio.create_task(pool.close())
        with pytest.raises(DatabaseUnavailableError, match="is being closed"):
            await waiting
        pool.release(connection)
        await closing
        with pytest.raises(DatabaseUnavailableError, match="is being closed"):
            await pool.acquire()

    async def test_a_connection_that_opens_while_the_pool_closes_is_cut_off(self) -> None:
        server = FakeServer()
        pool = server.pool()
        opening = asyncio.create_task(pool.acquire())
        await asyncio.sleep(0)
        assert server.tries == 1
        await pool.close()
        with pytest.raises(DatabaseUnavailableError, match="is being closed"):
            await opening
        assert server.open == []
        assert pool.statistics().open == 0

    async def test_closing_twice_is_fine(self) -> None:
        pool = FakeServer().pool()
        async with lease(pool):
            pass
        await asyncio.gather(pool.close(), pool.close())
        await pool.close()
        assert pool.statistics().open == 0
