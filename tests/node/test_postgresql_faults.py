"""What goes wrong with a real PostgreSQL server, and what is left afterwards: nothing half done."""

from __future__ import annotations

import asyncio

import pytest

from tests.node.postgresql import application, names, outsider, process_of
from velocious.errors import (
    ConnectionLostError,
    DatabaseUnavailableError,
    DatabaseUnreachableError,
    DeadlockError,
    LockTimeoutError,
    PoolTimeoutError,
    SerializationError,
    StatementTimeoutError,
    TransactionConflictError,
    TransactionError,
)
from velocious_node.database.postgresql_locks import key_of

INSERT = "INSERT INTO tasks (name) VALUES ($1)"


async def kill(database: object, process: int) -> None:
    async with outsider(database) as other:  # pyright: ignore[reportArgumentType]
        assert await other.fetchval("SELECT pg_terminate_backend($1, 5000)", process)


async def test_a_read_outside_of_transactions_survives_a_killed_connection() -> None:
    async with application() as configuration:
        database = configuration.database()
        await database.execute(INSERT, ("kept",))
        await kill(database, await process_of(database))
        assert await names(database) == ["kept"]


async def test_every_connection_killed_at_once_is_replaced() -> None:
    async with application() as configuration:
        database = configuration.database()
        slow = [database.fetch("SELECT pg_sleep(0.05)") for _ in range(5)]
        await asyncio.gather(*slow)
        async with outsider(database) as other:
            await other.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND query = "
                "'SELECT pg_sleep(0.05)'"
            )
        found = await asyncio.gather(*(database.fetch("SELECT 1") for _ in range(10)))
        assert found == [[(1,)]] * 10


async def test_a_transaction_whose_connection_is_killed_stores_nothing() -> None:
    async with application() as configuration:
        database = configuration.database()
        with pytest.raises(ConnectionLostError, match="try again"):
            async with database.transaction():
                await database.execute(INSERT, ("lost",))
                await kill(database, await process_of(database))
                await database.execute(INSERT, ("lost, too",))
        assert database.current_transaction() is None
        assert await names(database) == []
        await database.execute(INSERT, ("works on",))
        assert await names(database) == ["works on"]


async def test_a_connection_killed_before_the_commit_is_no_commit() -> None:
    async with application() as configuration:
        database = configuration.database()
        seen: list[str] = []
        with pytest.raises(ConnectionLostError):
            async with database.transaction() as transaction:
                transaction.after_commit(lambda: seen.append("committed"))
                transaction.after_rollback(lambda: seen.append("rolled back"))
                await database.execute(INSERT, ("lost",))
                await kill(database, await process_of(database))
        assert seen == ["rolled back"]
        assert await names(database) == []


async def test_a_write_outside_of_transactions_is_never_repeated() -> None:
    async with application(pool=1) as configuration:
        database = configuration.database()
        await database.execute(INSERT, ("a",))
        process = await process_of(database)
        write = asyncio.create_task(
            database.execute("INSERT INTO tasks (name) SELECT 'b' FROM pg_sleep(0.2)")
        )
        await asyncio.sleep(0.05)
        await kill(database, process)
        with pytest.raises(ConnectionLostError):
            await write
        assert await names(database) == ["a"]


async def test_of_two_transactions_in_a_deadlock_one_is_told_to_begin_again() -> None:
    async with application() as configuration:
        database = configuration.database()
        await database.execute("INSERT INTO tasks (id, name) VALUES (1, 'a'), (2, 'b')")
        both = asyncio.Barrier(2)

        async def update(first: int, second: int) -> None:
            async with database.transaction():
                await database.execute("SET LOCAL deadlock_timeout = '20ms'")
                await database.execute("UPDATE tasks SET position = 1 WHERE id = $1", (first,))
                await both.wait()
                await database.execute("UPDATE tasks SET position = 1 WHERE id = $1", (second,))

        done = await asyncio.gather(update(1, 2), update(2, 1), return_exceptions=True)
        errors = [one for one in done if one is not None]
        assert len(errors) == 1
        assert isinstance(errors[0], DeadlockError)
        assert isinstance(errors[0], TransactionConflictError)
        assert await database.fetch("SELECT position FROM tasks") == [(1,), (1,)]


async def test_a_serialization_failure_is_told_and_stores_nothing() -> None:
    async with application() as configuration:
        database = configuration.database()
        await database.execute("INSERT INTO tasks (id, name, position) VALUES (1, 'a', 0)")
        with pytest.raises(SerializationError, match="Run it again"):
            async with database.transaction():
                await database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                await database.fetch("SELECT position FROM tasks")
                async with outsider(database) as other:
                    await other.execute("UPDATE tasks SET position = 5")
                await database.execute("UPDATE tasks SET position = position + 1")
        assert await database.fetch("SELECT position FROM tasks") == [(5,)]


async def test_a_statement_over_its_time_is_stopped_and_the_connection_lives() -> None:
    async with application("&statement_timeout=0.1", pool=1) as configuration:
        database = configuration.database()
        process = await process_of(database)
        with pytest.raises(StatementTimeoutError, match="statement_timeout"):
            await database.fetch("SELECT pg_sleep(10)")
        assert await process_of(database) == process


async def test_a_lock_that_is_not_free_in_time_is_told() -> None:
    async with application("&lock_timeout=0.05") as configuration:
        database = configuration.database()
        await database.execute("INSERT INTO tasks (id, name) VALUES (1, 'a')")
        async with outsider(database) as other, other.transaction():
            await other.execute("UPDATE tasks SET position = 5")
            with pytest.raises(LockTimeoutError):
                await database.execute("UPDATE tasks SET position = 6")


async def test_a_task_cancelled_in_a_read_leaves_the_pool_whole() -> None:
    async with application(pool=1) as configuration:
        database = configuration.database()
        for _ in range(5):
            task = asyncio.create_task(database.fetch("SELECT pg_sleep(10)"))
            await asyncio.sleep(0.02)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            # The next answer is the next statement's own.
            assert await database.fetch("SELECT 42") == [(42,)]
        async with outsider(database) as other:
            sleeping = (
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(10)%' "
                "AND state = 'active' AND datname = current_database()"
            )
            assert await other.fetchval(sleeping) == 0


async def test_a_task_cancelled_in_a_transaction_leaves_none_open() -> None:
    async with application(pool=1) as configuration:
        database = configuration.database()

        async def work() -> None:
            async with database.transaction():
                await database.execute(INSERT, ("lost",))
                async with database.transaction():
                    await database.fetch("SELECT pg_sleep(10)")

        task = asyncio.create_task(work())
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await names(database) == []
        await database.execute(INSERT, ("kept",))
        assert await names(database) == ["kept"]


async def test_cancelling_at_any_moment_never_mixes_answers() -> None:
    async with application(pool=2) as configuration:
        database = configuration.database()
        answers: list[tuple[int, list[tuple[int]]]] = []

        async def ask(number: int) -> None:
            answers.append((number, await database.fetch("SELECT $1::int", (number,))))

        for number in range(200):
            task = asyncio.create_task(ask(number))
            await asyncio.sleep(0.0001 * (number % 9))
            task.cancel()
            await asyncio.wait([task])
        await ask(1000)
        assert all(rows == [(number,)] for number, rows in answers)
        assert answers[-1] == (1000, [(1000,)])


async def test_a_cancelled_commit_is_done_or_not_but_never_half() -> None:
    async with application() as configuration:
        database = configuration.database()
        told: list[str] = []

        async def work(number: int) -> None:
            async with database.transaction() as transaction:
                transaction.after_commit(lambda: told.append(f"task {number}"))
                await database.execute(INSERT, (f"task {number}",))

        for number in range(60):
            task = asyncio.create_task(work(number))
            await asyncio.sleep(0.0001 * number)
            task.cancel()
            await asyncio.wait([task])
        assert sorted(await names(database)) == sorted(told)


async def test_an_exhausted_pool_says_who_has_the_connections() -> None:
    pool = {"maximum": 2, "timeout": 0.05}
    async with application(pool=pool) as configuration:
        database = configuration.database()
        stop = asyncio.Event()

        async def hold() -> None:
            async with database.transaction():
                await stop.wait()

        holders = [asyncio.create_task(hold(), name=f"holder {n}") for n in range(2)]
        await asyncio.sleep(0.02)
        with pytest.raises(PoolTimeoutError, match="holder"):
            await database.fetch("SELECT 1")
        stop.set()
        await asyncio.gather(*holders)
        assert await database.fetch("SELECT 1") == [(1,)]


async def test_a_table_changed_by_another_process_is_read_anew() -> None:
    async with application(pool=1) as configuration:
        database = configuration.database()
        await database.execute(INSERT, ("a",))
        assert await database.fetch("SELECT * FROM tasks") == [(1, "a", None)]
        async with outsider(database) as other:
            await other.execute("ALTER TABLE tasks ADD COLUMN done boolean DEFAULT false")
        assert await database.fetch("SELECT * FROM tasks") == [(1, "a", None, False)]


async def test_a_table_changed_under_a_transaction_says_to_run_it_again() -> None:
    async with application(pool=1) as configuration:
        database = configuration.database()
        await database.fetch("SELECT * FROM tasks")
        with pytest.raises(TransactionConflictError, match="changed"):
            async with database.transaction():
                async with outsider(database) as other:
                    await other.execute("ALTER TABLE tasks ADD COLUMN done boolean")
                await database.fetch("SELECT * FROM tasks")
        async with database.transaction():
            await database.fetch("SELECT * FROM tasks")


async def test_an_error_that_is_caught_does_not_turn_the_commit_into_silence() -> None:
    async with application() as configuration:
        database = configuration.database()
        with pytest.raises(TransactionError, match="block of its own"):
            async with database.transaction():
                await database.execute(INSERT, ("lost",))
                with pytest.raises(StatementTimeoutError):
                    await database.execute("SET LOCAL statement_timeout = 20")
                    await database.fetch("SELECT pg_sleep(5)")
        assert await names(database) == []


async def test_a_lock_lost_with_its_connection_is_told_to_who_held_it() -> None:
    async with application() as configuration:
        database = configuration.database()
        with pytest.raises(ConnectionLostError):
            async with database.advisory_lock("import"):
                async with outsider(database) as other:
                    holder = await other.fetchval(
                        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' "
                        "AND (classid::bigint << 32 | objid::bigint) = $1",
                        key_of("import"),
                    )
                    assert await other.fetchval("SELECT pg_terminate_backend($1, 5000)", holder)
        async with database.advisory_lock("import", or_fail=True):
            pass


@pytest.mark.parametrize(
    ("url", "error", "hint"),
    [
        ("postgresql://postgres@127.0.0.1:1/x", DatabaseUnreachableError, "127.0.0.1:1"),
        ("postgresql://postgres@no-such-host.invalid/x", DatabaseUnreachableError, "no-such-host"),
        ("postgresql://postgres@127.0.0.1/no_such_database", DatabaseUnavailableError, "db:create"),
        (
            "postgresql://postgres@127.0.0.1/x?sslmode=require",
            DatabaseUnavailableError,
            "TLS|exist",
        ),
        ("postgresql://nobody:s3cret@127.0.0.1/postgres", DatabaseUnavailableError, "user name"),
    ],
)
async def test_what_cannot_be_opened_says_why_and_shows_no_password(
    url: str, error: type[Exception], hint: str
) -> None:
    from velocious.configuration import Configuration
    from velocious_node import NodeEnvironmentHandler

    settings = {"url": url, "pool": {"timeout": 0.2}}
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(),
        environment="test",
        databases={"default": settings},
    )
    async with configuration:
        with pytest.raises(error, match=hint) as caught:
            await configuration.database().fetch("SELECT 1")
        assert "s3cret" not in str(caught.value)
