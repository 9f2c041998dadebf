"""What goes wrong with a real MariaDB server, and what is left afterwards: nothing half done."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.node.mariadb import application, kill, names, outsider, running, thread_of, until_it_runs
from tests.suites.statements import recorded_statements
from velocious.configuration import Configuration
from velocious.database.database import Database
from velocious.errors import (
    CheckConstraintError,
    ConfigurationError,
    ConnectionLostError,
    DatabaseUnavailableError,
    DatabaseUnreachableError,
    DeadlockError,
    LockTimeoutError,
    NotNullConstraintError,
    PoolTimeoutError,
    ReadOnlyDatabaseError,
    StatementError,
    StatementTimeoutError,
    TransactionError,
    UniqueConstraintError,
    UnknownOptionError,
    ValueOutOfRangeError,
)
from velocious.record import Record
from velocious.testing.environment import environment_called
from velocious_node import NodeEnvironmentHandler
from velocious_node.database.mysql import NodeMysqlDriverFactory
from velocious_node.database.mysql_driver import CAPABILITIES

if TYPE_CHECKING:
    from velocious.record import Attribute

INSERT = "INSERT INTO tasks (name) VALUES (?)"

#: The driver packages, as a URL asks for them.
both_packages = pytest.mark.parametrize("package", ["?driver=asyncmy", "?driver=aiomysql"])


# Connections


@both_packages
async def test_a_read_outside_of_transactions_survives_a_killed_connection(package: str) -> None:
    async with application(package) as configuration:
        database = configuration.database()
        await database.execute(INSERT, ("kept",))
        await kill(database, await thread_of(database))
        assert await names(database) == ["kept"]


async def test_every_connection_killed_at_once_is_replaced() -> None:
    async with application() as configuration:
        database = configuration.database()
        threads = await asyncio.gather(
            *(database.fetch("SELECT connection_id(), SLEEP(0.05)") for _ in range(5))
        )
        for ((thread, _),) in threads:
            await kill(database, thread)
        found = await asyncio.gather(*(database.fetch("SELECT 1") for _ in range(10)))
        assert found == [[(1,)]] * 10


@both_packages
async def test_a_transaction_whose_connection_is_killed_stores_nothing(package: str) -> None:
    async with application(package) as configuration:
        database = configuration.database()
        with pytest.raises(ConnectionLostError, match="Run the work again"):
            async with database.transaction():
                await database.execute(INSERT, ("lost",))
                await kill(database, await thread_of(database))
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
                await kill(database, await thread_of(database))
        assert seen == ["rolled back"]
        assert await names(database) == []


async def test_a_write_outside_of_transactions_is_never_repeated() -> None:
    async with application(pool=1) as configuration:
        database = configuration.database()
        await database.execute(INSERT, ("a",))
        thread = await thread_of(database)
        write = asyncio.create_task(
            database.execute("INSERT INTO tasks (name) SELECT 'b' FROM (SELECT SLEEP(5)) AS slow")
        )
        await until_it_runs(database, "INSERT%SLEEP(5)%")
        await kill(database, thread)
        with pytest.raises(ConnectionLostError):
            await write
        assert await names(database) == ["a"]


# Locks and time


async def test_of_two_transactions_in_a_deadlock_one_is_told_to_begin_again() -> None:
    async with application() as configuration:
        database = configuration.database()
        await database.execute("INSERT INTO tasks (id, name) VALUES (1, 'a'), (2, 'b')")
        both = asyncio.Barrier(2)

        async def update(first: int, second: int) -> None:
            async with database.transaction():
                await database.execute("UPDATE tasks SET position = 1 WHERE id = ?", (first,))
                await both.wait()
                await database.execute("UPDATE tasks SET position = 1 WHERE id = ?", (second,))

        done = await asyncio.gather(update(1, 2), update(2, 1), return_exceptions=True)
        errors = [one for one in done if one is not None]
        assert len(errors) == 1
        assert isinstance(errors[0], DeadlockError)
        assert await database.fetch("SELECT position FROM tasks") == [(1,), (1,)]


async def test_nothing_is_stored_behind_a_deadlock_that_somebody_caught() -> None:
    async with application() as configuration:
        database = configuration.database()
        await database.execute("INSERT INTO tasks (id, name) VALUES (1, 'a'), (2, 'b')")
        both = asyncio.Barrier(2)

        async def update(first: int, second: int) -> None:
            async with database.transaction():
                await database.execute("UPDATE tasks SET position = 1 WHERE id = ?", (first,))
                await both.wait()
                try:
                    async with database.transaction():
                        await database.execute(
                            "UPDATE tasks SET position = 1 WHERE id = ?", (second,)
                        )
                except DeadlockError:
                    await database.execute(INSERT, ("half of a transaction",))

        done = await asyncio.gather(update(1, 2), update(2, 1), return_exceptions=True)
        errors = [one for one in done if one is not None]
        assert [type(one) for one in errors] == [TransactionError]
        assert "rolled back the transaction by itself" in str(errors[0])
        assert await names(database) == ["a", "b"]
        await database.execute(INSERT, ("works on",))


async def test_a_lock_that_is_not_free_in_time_is_told_and_the_transaction_goes_on() -> None:
    async with application(busy_timeout=1) as configuration:
        database = configuration.database()
        await database.execute("INSERT INTO tasks (id, name) VALUES (1, 'a')")
        async with outsider(database) as other:
            await other.query("BEGIN")
            await other.query("UPDATE tasks SET position = 5")
            async with database.transaction():
                await database.execute(INSERT, ("before",))
                with pytest.raises(LockTimeoutError, match="busy_timeout"):
                    await database.execute("UPDATE tasks SET position = 6 WHERE id = 1")
                await database.execute(INSERT, ("after",))
            await other.query("ROLLBACK")
        assert await names(database) == ["a", "before", "after"]


async def test_a_statement_over_its_time_is_stopped_and_the_connection_lives() -> None:
    async with application("?statement_timeout=0.1", pool=1) as configuration:
        database = configuration.database()
        thread = await thread_of(database)
        with pytest.raises(StatementTimeoutError, match="statement_timeout"):
            await database.fetch("SELECT count(*) FROM seq_1_to_1000000 a, seq_1_to_1000000 b")
        assert await thread_of(database) == thread


# Cancelled tasks


@both_packages
async def test_a_task_cancelled_in_a_read_leaves_the_pool_whole(package: str) -> None:
    async with application(package, pool=1) as configuration:
        database = configuration.database()
        for _ in range(3):
            task = asyncio.create_task(database.fetch("SELECT SLEEP(10)"))
            await asyncio.sleep(0.02)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            # The next answer is the next statement's own.
            assert await database.fetch("SELECT 42") == [(42,)]
        assert await running(database, "SELECT SLEEP(10)%") == 0


async def test_a_task_cancelled_in_a_transaction_gives_its_locks_back_at_once() -> None:
    async with application(pool=2) as configuration:
        database = configuration.database()
        await database.execute("INSERT INTO tasks (id, name) VALUES (1, 'a')")

        async def work() -> None:
            async with database.transaction():
                await database.execute("UPDATE tasks SET position = 1 WHERE id = 1")
                async with database.transaction():
                    await database.fetch("SELECT SLEEP(10)")

        task = asyncio.create_task(work())
        await until_it_runs(database, "SELECT SLEEP(10)%")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(2):
            await database.execute("UPDATE tasks SET position = 2 WHERE id = 1")
        assert await database.fetch("SELECT position FROM tasks") == [(2,)]


@both_packages
async def test_cancelling_at_any_moment_never_mixes_answers(package: str) -> None:
    async with application(package, pool=2) as configuration:
        database = configuration.database()
        answers: list[tuple[int, list[tuple[int]]]] = []

        async def ask(number: int) -> None:
            answers.append((number, await database.fetch("SELECT ?", (number,))))

        for number in range(60):
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

        for number in range(40):
            task = asyncio.create_task(work(number))
            await asyncio.sleep(0.0002 * number)
            task.cancel()
            await asyncio.wait([task])
        assert sorted(await names(database)) == sorted(told)


# The pool


async def test_an_exhausted_pool_says_who_has_the_connections() -> None:
    async with application(pool={"maximum": 2, "timeout": 1}) as configuration:
        database = configuration.database()
        stop = asyncio.Event()
        began = asyncio.Barrier(3)

        async def hold() -> None:
            async with database.transaction():
                await began.wait()
                await stop.wait()

        holders = [asyncio.create_task(hold(), name=f"holder {n}") for n in range(2)]
        async with asyncio.timeout(10):
            await began.wait()
        with pytest.raises(PoolTimeoutError, match="holder"):
            await database.fetch("SELECT 1")
        stop.set()
        await asyncio.gather(*holders)
        assert await database.fetch("SELECT 1") == [(1,)]


# Values and statements


@both_packages
async def test_a_value_larger_than_a_packet_is_refused_by_name(package: str) -> None:
    async with application(package) as configuration:
        database = configuration.database()
        ((limit,),) = await database.fetch("SELECT @@max_allowed_packet")
        with pytest.raises(ValueOutOfRangeError, match="max_allowed_packet"):
            await database.execute("INSERT INTO tasks (name, body) VALUES ('x', ?)", ("x" * limit,))
        assert await names(database) == []
        await database.execute(INSERT, ("works on",))


async def test_many_rows_travel_in_several_packets() -> None:
    async with application() as configuration:
        database = configuration.database()
        ((limit,),) = await database.fetch("SELECT @@max_allowed_packet")
        rows = [(f"t{number}", None, "x" * (limit // 20)) for number in range(30)]
        insert = "INSERT INTO tasks (name, position, body) VALUES (?, ?, ?)"
        assert await database.execute_many(insert, rows) == 30
        assert await database.fetch("SELECT count(*) FROM tasks WHERE position IS NULL") == [(30,)]


@pytest.mark.parametrize(
    ("sql", "error", "columns"),
    [
        ("INSERT INTO tasks (name) VALUES ('a')", UniqueConstraintError, ("name",)),
        ("INSERT INTO tasks (id, name) VALUES (1, 'b')", UniqueConstraintError, ("id",)),
        ("UPDATE tasks SET name = NULL", NotNullConstraintError, ("name",)),
        ("INSERT INTO tasks (position) VALUES (1)", NotNullConstraintError, ("name",)),
        ("UPDATE tasks SET position = -1", CheckConstraintError, ()),
    ],
)
async def test_a_refused_row_names_table_and_columns(
    sql: str, error: type[StatementError], columns: tuple[str, ...]
) -> None:
    async with application() as configuration:
        database = configuration.database()
        await database.execute("INSERT INTO tasks (id, name) VALUES (1, 'a')")
        with pytest.raises(error) as caught:
            await database.execute(sql)
        facts = vars(caught.value)
        assert (facts["table"], facts["columns"]) == ("tasks", columns)


@pytest.mark.parametrize(
    ("column", "value"),
    [("name", "x" * 101), ("position", 2**63 - 1), ("position", "s3cret"), ("name", 1)],
)
async def test_a_value_that_does_not_fit_its_column_is_refused_and_never_shown(
    column: str, value: object
) -> None:
    async with application() as configuration:
        database = configuration.database()
        sql = f"INSERT INTO tasks (name, {column}) VALUES ('x', ?)"
        if column == "name":
            sql = "INSERT INTO tasks (name) VALUES (?)"
        if value == 2**63 - 1 or value == 1:
            # BIGINT holds it, and a number is text as well.
            await database.execute(sql, (value,))
            return
        with pytest.raises(ValueOutOfRangeError, match=f"column '{column}'") as caught:
            await database.execute(sql, (value,))
        assert str(value) not in str(caught.value)
        assert caught.value.__cause__ is None


async def test_an_upsert_never_changes_a_row_that_another_key_found() -> None:
    async with application() as configuration:
        database = configuration.database()
        sql = "INSERT INTO tasks (id, name, position) VALUES (?, ?, ?)"
        upsert = sql + database.dialect.upsert(("id",), ("position",))
        await database.execute(sql, (1, "a", 1))
        await database.execute(upsert, (1, "a", 2))
        await database.execute(upsert, (2, "b", 3))
        with pytest.raises(UniqueConstraintError, match="another"):
            await database.execute(upsert, (3, "a", 4))
        nothing = sql + database.dialect.upsert(("name",), ())
        await database.execute(nothing, (9, "a", 9))
        stored = await database.fetch("SELECT id, name, position FROM tasks ORDER BY id")
        assert stored == [(1, "a", 2), (2, "b", 3)]


async def test_a_definition_never_commits_what_a_transaction_has_stored() -> None:
    async with application() as configuration:
        database = configuration.database()
        with pytest.raises(TransactionError, match="would commit what this transaction has stored"):
            async with database.transaction():
                await database.execute(INSERT, ("lost",))
                await database.execute("CREATE TABLE other (id INT)")
        assert await names(database) == []
        async with database.transaction():
            async with database.transaction():
                await database.execute("CREATE TABLE other (id INT)")
            await database.execute(INSERT, ("kept",))
        assert await names(database) == ["kept"]
        with pytest.raises(ValueError, match="undo"):
            async with database.transaction():
                with pytest.raises(StatementError, match="already exists"):
                    await database.execute("CREATE TABLE other (id INT)")
                await database.execute(INSERT, ("lost",))
                raise ValueError("undo")
        assert await names(database) == ["kept"]


@both_packages
async def test_a_second_statement_behind_a_semicolon_is_never_run(package: str) -> None:
    async with application(package) as configuration:
        database = configuration.database()
        for sql in ("SELECT 1; DROP TABLE tasks", "SET @a = 1; DROP TABLE tasks"):
            with pytest.raises(StatementError, match="syntax error"):
                await database.execute(sql)
        assert await names(database) == []


async def test_a_table_changed_by_another_program_is_read_anew() -> None:
    async with application(pool=1) as configuration:
        database = configuration.database()
        await database.execute(INSERT, ("a",))
        assert await database.fetch("SELECT * FROM tasks") == [(1, "a", None, None)]
        async with outsider(database) as other:
            await other.query("ALTER TABLE tasks ADD COLUMN done BOOLEAN DEFAULT FALSE")
        assert await database.fetch("SELECT * FROM tasks") == [(1, "a", None, None, 0)]


async def test_a_read_only_session_refuses_every_write() -> None:
    async with application(read_only=True) as configuration:
        database = configuration.database()
        for sql in ("INSERT INTO tasks (name) VALUES ('x')", "CREATE TABLE x (id INT)"):
            with pytest.raises(ReadOnlyDatabaseError, match="read_only=True"):
                await database.execute(sql)
        with pytest.raises(ReadOnlyDatabaseError, match="was not dropped"):
            await database.drop()
        assert await names(database) == []


# Advisory locks


async def test_a_lock_lost_with_its_connection_is_told_to_who_held_it() -> None:
    async with application() as configuration:
        database = configuration.database()
        with pytest.raises(ConnectionLostError, match="'import' broke while it was held"):
            async with database.advisory_lock("import"):
                ((holder,),) = await database.fetch(
                    "SELECT ID FROM information_schema.PROCESSLIST WHERE COMMAND = 'Sleep' AND "
                    "DB = DATABASE() AND ID <> connection_id() ORDER BY ID DESC LIMIT 1"
                )
                await kill(database, holder)
        async with database.advisory_lock("import", or_fail=True):
            pass


async def test_waiting_for_a_lock_is_no_slow_statement() -> None:
    async with application("?statement_timeout=0.05") as configuration:
        one = configuration.database()
        other = Database(one.settings, NodeMysqlDriverFactory(), configuration.files)

        async def wait() -> None:
            async with other.advisory_lock("import", timeout=5):
                pass

        async with one.advisory_lock("import"):
            task = asyncio.create_task(wait())
            await asyncio.sleep(0.3)
            assert not task.done()
        await task


async def test_names_of_locks_may_be_long_and_know_their_case() -> None:
    async with application() as configuration:
        database: Database = configuration.database()
        async with (
            database.advisory_lock("x" * 500),
            database.advisory_lock("X" * 500, or_fail=True),
        ):
            pass


# URLs


@pytest.mark.parametrize(
    ("url", "error", "hint"),
    [
        ("mysql://root@127.0.0.1:1/x", DatabaseUnreachableError, "127.0.0.1:1"),
        ("mariadb://root@no-such-host.invalid/x", DatabaseUnreachableError, "no-such-host"),
        ("mysql://root@127.0.0.1/no_such_database", DatabaseUnavailableError, "db:create"),
        ("mysql://nobody:s3cret@127.0.0.1/mysql", DatabaseUnavailableError, "denied access"),
        ("mysql://root@127.0.0.1", ConfigurationError, "names no database"),
        ("mysql://root@127.0.0.1/mysql?sslmode=require", DatabaseUnavailableError, "not encrypt"),
    ],
)
async def test_what_cannot_be_opened_says_why_and_shows_no_password(
    url: str, error: type[Exception], hint: str
) -> None:
    for package in ("asyncmy", "aiomysql"):
        sign = "&" if "?" in url else "?"
        settings = {"url": f"{url}{sign}driver={package}", "pool": {"timeout": 0.2}}
        configuration = Configuration(
            environment_handler=NodeEnvironmentHandler(),
            environment="test",
            databases={"default": settings},
        )
        async with configuration:
            with pytest.raises(error, match=hint) as caught:
                await configuration.database().fetch("SELECT 1")
            assert "s3cret" not in str(caught.value)


def test_an_option_that_nobody_reads_is_refused_with_close_matches() -> None:
    with pytest.raises(UnknownOptionError, match="statement_timeout"):
        Configuration(
            environment_handler=NodeEnvironmentHandler(),
            databases={"default": "mysql://root@127.0.0.1/x?statment_timeout=5"},
        )


@pytest.mark.parametrize("options", ["", "?driver=aiomysql"])
def test_a_missing_package_is_named_with_what_installs_it(
    monkeypatch: pytest.MonkeyPatch, options: str
) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("velocious_node.database.mysql_opening.import_module", missing)
    with pytest.raises(ConfigurationError, match=r"aiomysql.*pip install 'velocious\[mysql\]'"):
        Configuration(
            environment_handler=NodeEnvironmentHandler(),
            databases={"default": f"mysql://root@127.0.0.1/x{options}"},
        )


# What MySQL has not


async def test_without_returning_a_record_asks_for_what_the_database_filled_in() -> None:
    class Note(Record):
        id: Attribute[Any]
        title: Attribute[str]
        stamp: Attribute[str]

    class Coded(Record):
        code: Attribute[str]
        stamp: Attribute[str]

    schema = """
    CREATE TABLE notes (
      id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, title VARCHAR(20),
      stamp VARCHAR(50) DEFAULT (concat('a', 'b'))
    );
    CREATE TABLE codeds (code VARCHAR(20) PRIMARY KEY, stamp VARCHAR(50) DEFAULT (concat('c', 'd')))
    """
    environment = environment_called("node-mariadb")
    models = [Note, Coded]
    async with environment.application(models=models, schema=schema) as configuration:
        configuration.database().capabilities = replace(CAPABILITIES, returning=False)
        with recorded_statements(configuration) as statements:
            note = await Note.create(title="x")
        assert [text.split()[0] for text in statements] == ["INSERT", "SELECT"]
        assert "RETURNING" not in statements[0]
        assert (note.id, note.title, note.stamp) == (1, "x", "ab")
        assert (await Note.create(title="y")).id == 2
        coded = await Coded.create(code="k")
        assert (coded.code, coded.stamp) == ("k", "cd")
