"""What every database driver promises, whichever environment runs it.

A user subclasses :class:`DriverContract` and gives it the fixture ``database``: an empty database
with the tables of :data:`SCHEMA`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from velocious.errors import (
    CheckConstraintError,
    ForeignKeyConstraintError,
    NotNullConstraintError,
    StatementError,
    TransactionError,
    TransactionTaskError,
    UniqueConstraintError,
    ValueOutOfRangeError,
)

if TYPE_CHECKING:
    from velocious.database.database import Database
    from velocious.database.transaction import Transaction

SCHEMA = """
CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE tasks (
    id INTEGER PRIMARY KEY,
    project_id INTEGER REFERENCES projects (id),
    name VARCHAR(255) NOT NULL,
    position INTEGER,
    UNIQUE (project_id, name),
    CONSTRAINT position_is_natural CHECK (position >= 0)
);
"""
#: What has foreign keys checked at COMMIT, where a database can do that.
DEFERRED = {
    "sqlite": "PRAGMA defer_foreign_keys = on",
    "postgresql": "ALTER TABLE tasks ALTER CONSTRAINT tasks_project_id_fkey "
    "DEFERRABLE INITIALLY DEFERRED",
}
INSERT = "INSERT INTO projects (name) VALUES (?)"
NAMES = "SELECT name FROM projects ORDER BY id"


async def names(database: Database) -> list[str]:
    return [name for (name,) in await database.fetch(NAMES)]


async def add(database: Database, name: str) -> None:
    await database.execute(INSERT, (name,))


class StatementContract:
    """Single statements."""

    async def test_fetches_rows_as_tuples(self, database: Database) -> None:
        await add(database, "Apollo")
        rows = await database.fetch("SELECT id, name FROM projects WHERE name = ?", ("Apollo",))
        assert rows == [(1, "Apollo")]

    async def test_a_statement_that_failed_leaves_the_next_ones_alone(
        self, database: Database
    ) -> None:
        await add(database, "Apollo")
        for _ in range(2):
            with pytest.raises(StatementError):
                await database.fetch("SELECT nothing FROM projects")
            with pytest.raises(UniqueConstraintError):
                await add(database, "Apollo")
            assert await names(database) == ["Apollo"]

    async def test_many_reads_at_once_get_their_own_rows(self, database: Database) -> None:
        for name in ("Apollo", "Gemini", "Mercury"):
            await add(database, name)
        reads = [
            database.fetch("SELECT name FROM projects WHERE id = ?", (i % 3 + 1,))
            for i in range(30)
        ]
        answers = await asyncio.gather(*reads)
        assert [rows[0][0] for rows in answers] == ["Apollo", "Gemini", "Mercury"] * 10

    async def test_names_the_columns_of_a_described_result(self, database: Database) -> None:
        described = await database.fetch_described("SELECT 1 AS one, NULL AS two")
        assert described == (["one", "two"], [(1, None)])

    async def test_names_the_columns_of_a_result_without_rows(self, database: Database) -> None:
        assert await database.fetch_described("SELECT id, name FROM projects") == (
            ["id", "name"],
            [],
        )

    async def test_answers_with_returned_rows_count_and_last_id(self, database: Database) -> None:
        result = await database.execute(f"{INSERT} RETURNING id, name", ("Apollo",))
        assert result.rows == [(1, "Apollo")]
        assert (result.rowcount, result.last_id or 1) == (1, 1)

    async def test_counts_the_rows_an_update_changed(self, database: Database) -> None:
        await database.execute_many(INSERT, [("a",), ("b",), ("c",)])
        result = await database.execute("UPDATE projects SET name = name || '!' WHERE id > ?", (1,))
        assert result.rowcount == 2

    async def test_executes_a_reading_statement_too(self, database: Database) -> None:
        await add(database, "Apollo")
        assert (await database.execute(NAMES)).rows == [("Apollo",)]

    async def test_refuses_to_fetch_a_writing_statement(self, database: Database) -> None:
        with pytest.raises(StatementError, match="Use execute"):
            await database.fetch(f"{INSERT} RETURNING id", ("Apollo",))
        async with database.transaction():
            with pytest.raises(StatementError, match="Use execute"):
                await database.fetch(f"{INSERT} RETURNING id", ("Apollo",))
        assert await names(database) == []

    async def test_keeps_awkward_text_as_it_is(self, database: Database) -> None:
        awkward = ['it\'s "quoted"', "🦊 \u202bعربي\u202c", "x" * 255, ""]
        await database.execute_many(INSERT, [(text,) for text in awkward])
        assert await names(database) == awkward

    async def test_text_with_nul_is_kept_or_refused_but_never_cut(self, database: Database) -> None:
        if database.capabilities.stores_nul:
            await add(database, "a\x00b")
            assert await names(database) == ["a\x00b"]
        else:
            with pytest.raises(ValueOutOfRangeError, match="NUL"):
                await add(database, "a\x00b")
            assert await names(database) == []

    async def test_runs_many_rows_from_a_generator(self, database: Database) -> None:
        changed = await database.execute_many(INSERT, ((f"p{n}",) for n in range(12_345)))
        assert changed == 12_345
        counted = await database.fetch("SELECT count(*), count(DISTINCT name) FROM projects")
        assert counted == [(12_345, 12_345)]

    async def test_stores_no_row_of_many_when_one_is_refused(self, database: Database) -> None:
        rows = [*((f"p{n}",) for n in range(7_000)), ("p1",)]
        with pytest.raises(UniqueConstraintError):
            await database.execute_many(INSERT, rows)
        assert await names(database) == []

    async def test_runs_no_statement_of_a_script_when_one_fails(self, database: Database) -> None:
        with pytest.raises(StatementError, match="no such table|does not exist|doesn't exist"):
            await database.execute_script(
                "INSERT INTO projects (name) VALUES ('a'); INSERT INTO missing VALUES (1)"
            )
        assert await names(database) == []

    async def test_a_script_does_not_commit_the_transaction_around_it(
        self, database: Database
    ) -> None:
        with pytest.raises(ValueError, match="undo"):
            async with database.transaction():
                await database.execute_script("INSERT INTO projects (name) VALUES ('a')")
                raise ValueError("undo")
        assert await names(database) == []

    async def test_a_script_that_commits_is_refused_and_undone(self, database: Database) -> None:
        script = "INSERT INTO projects (name) VALUES ('a'); ROLLBACK"
        with pytest.raises(TransactionError):
            await database.execute_script(script)
        assert await names(database) == []
        await add(database, "b")
        assert await names(database) == ["b"]

    @pytest.mark.parametrize(
        "sql", ["BEGIN", " commit", "ROLLBACK TO x", "/* no */ SAVEPOINT x", "RELEASE x", "END"]
    )
    async def test_refuses_transaction_control_in_sql(self, database: Database, sql: str) -> None:
        with pytest.raises(TransactionError, match=r"database\.transaction\(\)"):
            await database.execute(sql)
        with pytest.raises(TransactionError):
            await database.fetch(sql)
        async with database.transaction():
            with pytest.raises(TransactionError):
                await database.execute(sql)

    async def test_can_be_used_again_after_closing(self, database: Database) -> None:
        await database.close()
        await database.close()
        assert await database.fetch("SELECT 1") == [(1,)]


class ErrorContract:
    """Refused statements."""

    async def test_a_second_row_with_a_key_names_table_and_columns(
        self, database: Database
    ) -> None:
        await add(database, "Apollo")
        insert = "INSERT INTO tasks (project_id, name) VALUES (?, ?)"
        await database.execute(insert, (1, "Fly"))
        with pytest.raises(UniqueConstraintError) as caught:
            await database.execute(insert, (1, "Fly"))
        assert (caught.value.table, caught.value.columns) == ("tasks", ("project_id", "name"))

    async def test_a_missing_value_names_its_column(self, database: Database) -> None:
        with pytest.raises(NotNullConstraintError) as caught:
            await add(database, None)  # pyright: ignore[reportArgumentType]
        assert (caught.value.table, caught.value.columns) == ("projects", ("name",))

    async def test_foreign_keys_are_enforced(self, database: Database) -> None:
        with pytest.raises(ForeignKeyConstraintError):
            await database.execute("INSERT INTO tasks (project_id, name) VALUES (9, 'a')")

    async def test_a_failed_check_names_the_check(self, database: Database) -> None:
        with pytest.raises(CheckConstraintError, match="position_is_natural"):
            await database.execute("INSERT INTO tasks (name, position) VALUES ('a', -1)")

    async def test_values_are_never_in_the_message(self, database: Database) -> None:
        secret = "s3cret-value"
        await add(database, secret)
        for sql, params in (
            (INSERT, (secret,)),
            ("SELECT ? FROM missing", (secret,)),
            ("SELECT ?", (secret, secret)),
            (INSERT, (f"{secret}\ud800",)),
            (INSERT, ({secret},)),
        ):
            with pytest.raises(StatementError) as caught:
                await database.execute(sql, params)
            assert secret not in str(caught.value)
            assert secret not in repr(caught.value.__cause__)

    async def test_a_missing_table_is_named_with_close_matches(self, database: Database) -> None:
        with pytest.raises(StatementError, match="Did you mean 'projects'.*db:migrate"):
            await database.fetch("SELECT * FROM project")

    async def test_an_integer_beyond_64_bits_is_refused_by_name(self, database: Database) -> None:
        with pytest.raises(StatementError, match="64 bits"):
            await database.execute("INSERT INTO projects (id, name) VALUES (?, 'a')", (2**70,))

    async def test_long_sql_is_cut_in_messages(self, database: Database) -> None:
        with pytest.raises(StatementError) as caught:
            await database.fetch(f"SELEC {'x' * 10_000}")
        assert len(caught.value.sql) == 4097

    async def test_works_on_after_an_error_inside_a_transaction(self, database: Database) -> None:
        if not database.capabilities.survives_errors:
            pytest.skip("an error ends a transaction here")
        async with database.transaction():
            await add(database, "a")
            with pytest.raises(UniqueConstraintError):
                await add(database, "a")
            await add(database, "b")
        assert await names(database) == ["a", "b"]

    async def test_works_on_after_an_error_in_a_block_of_its_own(self, database: Database) -> None:
        async with database.transaction():
            await add(database, "a")
            with pytest.raises(UniqueConstraintError):
                async with database.transaction():
                    await add(database, "a")
            await add(database, "b")
        assert await names(database) == ["a", "b"]

    async def test_a_transaction_that_an_error_ended_is_never_called_committed(
        self, database: Database
    ) -> None:
        if database.capabilities.survives_errors:
            pytest.skip("no error ends a transaction here")
        with pytest.raises(TransactionError, match="block of its own"):
            async with database.transaction():
                await add(database, "a")
                with pytest.raises(UniqueConstraintError):
                    await add(database, "a")
        with pytest.raises(TransactionError, match="block of its own"):
            async with database.transaction():
                with pytest.raises(StatementError):
                    await database.execute("SELECT * FROM nowhere")
                await add(database, "b")
        assert await names(database) == []


class TransactionContract:
    """Transactions and savepoints of one task."""

    async def test_commits_when_the_block_ends(self, database: Database) -> None:
        async with database.transaction() as transaction:
            assert database.current_transaction() is transaction
            await add(database, "a")
        assert database.current_transaction() is None
        assert await names(database) == ["a"]

    async def test_rolls_back_when_the_block_raises(self, database: Database) -> None:
        with pytest.raises(ValueError, match="undo"):
            async with database.transaction():
                await add(database, "a")
                raise ValueError("undo")
        assert await names(database) == []

    async def test_reads_its_own_writes_inside(self, database: Database) -> None:
        async with database.transaction():
            await add(database, "a")
            assert await names(database) == ["a"]

    async def test_keeps_the_outer_work_when_an_inner_failure_is_caught(
        self, database: Database
    ) -> None:
        async with database.transaction() as outer:
            await add(database, "outer")
            with pytest.raises(ValueError, match="inner"):
                async with database.transaction() as inner:
                    assert (outer.depth, inner.depth) == (1, 2)
                    await add(database, "inner")
                    raise ValueError("inner")
            assert database.current_transaction() is outer
            await add(database, "later")
        assert await names(database) == ["outer", "later"]

    async def test_undoes_committed_savepoints_with_the_outer_transaction(
        self, database: Database
    ) -> None:
        with pytest.raises(ValueError, match="outer"):
            async with database.transaction():
                async with database.transaction(), database.transaction():
                    await add(database, "inner")
                raise ValueError("outer")
        assert await names(database) == []

    async def test_a_constraint_checked_at_commit_rolls_everything_back(
        self, database: Database
    ) -> None:
        if database.dialect.name not in DEFERRED:
            pytest.skip("no constraint is checked at COMMIT here")
        with pytest.raises(ForeignKeyConstraintError):
            async with database.transaction():
                await database.execute(DEFERRED[database.dialect.name])
                await database.execute("INSERT INTO tasks (project_id, name) VALUES (9, 'a')")
        assert await database.fetch("SELECT * FROM tasks") == []
        await add(database, "works on")

    async def test_a_transaction_object_is_entered_once(self, database: Database) -> None:
        transaction = database.transaction()
        async with transaction:
            pass
        with pytest.raises(TransactionError, match="entered once"):
            await transaction.__aenter__()

    async def test_refuses_to_close_the_database_inside(self, database: Database) -> None:
        async with database.transaction():
            with pytest.raises(TransactionError, match="cannot be closed"):
                await database.close()

    async def test_a_rollback_forgets_the_tables_it_undoes(self, database: Database) -> None:
        version = database.schema_version
        inside: list[int] = []
        with pytest.raises(ValueError, match="undo"):
            async with database.transaction():
                await database.execute("CREATE TABLE extra (id INTEGER)")
                database.forget_schema()
                inside.append(database.schema_version)
                raise ValueError("undo")
        assert version < inside[0] < database.schema_version


class TaskContract:
    """Transactions and several tasks."""

    async def test_concurrent_transactions_take_turns_instead_of_mixing(
        self, database: Database
    ) -> None:
        # Regression: three creates at once on one connection; two failed with "no such savepoint".
        async def create(name: str) -> None:
            async with database.transaction():
                await add(database, name)
                await asyncio.sleep(0)
                async with database.transaction():
                    await add(database, f"{name} inner")

        await asyncio.gather(*(create(name) for name in "abc"))
        stored = await names(database)
        expected = ["a", "a inner", "b", "b inner", "c", "c inner"]
        # Where several may write at a time they do, each in a transaction of its own.
        assert (stored if database.capabilities.single_writer else sorted(stored)) == expected

    async def test_a_commit_survives_the_rollback_of_a_task_that_began_first(
        self, database: Database
    ) -> None:
        # Regression: with a shared connection task B's committed rows vanished with A's rollback.
        began = asyncio.Event()

        async def fail() -> None:
            async with database.transaction():
                await add(database, "lost")
                began.set()
                await asyncio.sleep(0.01)
                raise ValueError("undo")

        async def succeed() -> None:
            await began.wait()
            async with database.transaction():
                await add(database, "kept")
            await add(database, "kept without a block")

        results = await asyncio.gather(fail(), succeed(), return_exceptions=True)
        assert isinstance(results[0], ValueError)
        assert await names(database) == ["kept", "kept without a block"]

    async def test_reads_outside_see_only_what_is_committed(self, database: Database) -> None:
        wrote = asyncio.Event()
        seen: list[list[str]] = []

        async def write() -> None:
            async with database.transaction():
                await add(database, "uncommitted")
                wrote.set()
                await asyncio.sleep(0.01)
                raise ValueError("undo")

        async def read() -> None:
            await wrote.wait()
            seen.append(await names(database))

        await asyncio.gather(write(), read(), return_exceptions=True)
        assert seen == [[]]

    async def test_writes_outside_wait_for_the_transaction_of_another_task(
        self, database: Database
    ) -> None:
        if not database.capabilities.single_writer:
            pytest.skip("several write at a time here")
        order: list[str] = []

        async def transact() -> None:
            async with database.transaction():
                await add(database, "first")
                await asyncio.sleep(0.01)
                order.append("committed")

        async def write() -> None:
            await asyncio.sleep(0.001)
            await add(database, "second")
            order.append("written")

        await asyncio.gather(transact(), write())
        assert order == ["committed", "written"]

    async def test_a_child_task_may_not_use_the_transaction_it_inherits(
        self, database: Database
    ) -> None:
        async with database.transaction():
            results = await asyncio.gather(
                add(database, "a"), database.fetch(NAMES), return_exceptions=True
            )
            assert all(isinstance(result, TransactionTaskError) for result in results)
            assert "handed_over" in str(results[0])
            await add(database, "mine")
        assert await names(database) == ["mine"]

    async def test_children_it_is_handed_over_to_take_turns(self, database: Database) -> None:
        async def child(transaction: Transaction, name: str) -> None:
            async with transaction.handed_over():
                await add(database, name)
                await asyncio.sleep(0.001)
                async with database.transaction():
                    await add(database, f"{name} inner")

        with pytest.raises(ValueError, match="undo"):
            async with database.transaction() as transaction:
                await asyncio.gather(*(child(transaction, name) for name in "abc"))
                expected = ["a", "a inner", "b", "b inner", "c", "c inner"]
                assert await names(database) == expected
                raise ValueError("undo")
        assert await names(database) == []

    async def test_the_owner_may_not_use_it_while_it_is_handed_over(
        self, database: Database
    ) -> None:
        async def child(transaction: Transaction) -> None:
            async with transaction.handed_over():
                await asyncio.sleep(0.005)
                await add(database, "child")

        async with database.transaction() as transaction:
            task = asyncio.create_task(child(transaction))
            await asyncio.sleep(0.001)
            with pytest.raises(TransactionTaskError):
                await add(database, "owner")
        await task
        assert await names(database) == ["child"]

    async def test_a_task_that_outlives_the_transaction_is_outside_of_it(
        self, database: Database
    ) -> None:
        ended = asyncio.Event()

        async def later(transaction: Transaction) -> None:
            await ended.wait()
            await add(database, "later")
            with pytest.raises(TransactionError, match="has ended"):
                async with transaction.handed_over():
                    pass

        async with database.transaction() as transaction:
            task = asyncio.create_task(later(transaction))
            await add(database, "first")
        ended.set()
        await task
        assert await names(database) == ["first", "later"]

    async def test_a_cancelled_task_leaves_no_transaction_open(self, database: Database) -> None:
        async def hang() -> None:
            async with database.transaction():
                await add(database, "lost")
                async with database.transaction():
                    await asyncio.sleep(60)

        task = asyncio.create_task(hang())
        await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await add(database, "kept")
        assert await names(database) == ["kept"]

    async def test_a_task_cancelled_while_waiting_gives_its_turn_away(
        self, database: Database
    ) -> None:
        async def write(name: str) -> None:
            async with database.transaction():
                await add(database, name)

        holding, go_on = asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            async with database.transaction():
                holding.set()
                await go_on.wait()

        holder = asyncio.create_task(hold())
        await holding.wait()
        waiting = [asyncio.create_task(write(name)) for name in "abc"]
        await asyncio.sleep(0.001)
        waiting[1].cancel()
        go_on.set()
        await asyncio.gather(holder, *waiting, return_exceptions=True)
        stored = await names(database)
        # A transaction that waits for nobody may have been done already.
        assert sorted(name for name in stored if name != "b") == ["a", "c"]
        assert stored == ["a", "c"] or not database.capabilities.single_writer

    async def test_concurrent_first_uses_open_the_database_once(self, database: Database) -> None:
        await database.close()
        answers = await asyncio.gather(*(database.fetch("SELECT 1") for _ in range(20)))
        assert answers == [[(1,)]] * 20


class CallbackContract:
    """What runs after transactions."""

    async def test_runs_after_commit_when_the_rows_are_stored(self, database: Database) -> None:
        seen: list[object] = []

        async def look() -> None:
            seen.append((database.current_transaction(), await names(database)))

        async with database.transaction() as transaction:
            transaction.after_commit(look)
            transaction.after_commit(lambda: seen.append("plain"))
            await add(database, "a")
            assert seen == []
        assert seen == [(None, ["a"]), "plain"]

    async def test_inner_callbacks_wait_for_the_outermost_commit(self, database: Database) -> None:
        seen: list[str] = []
        async with database.transaction():
            async with database.transaction() as inner:
                inner.after_commit(lambda: seen.append("inner"))
            assert seen == []
        assert seen == ["inner"]

    async def test_a_rollback_drops_commit_callbacks_and_runs_rollback_callbacks(
        self, database: Database
    ) -> None:
        seen: list[str] = []
        async with database.transaction() as outer:
            outer.after_commit(lambda: seen.append("committed"))
            outer.after_rollback(lambda: seen.append("never"))
            with pytest.raises(ValueError, match="inner"):
                async with database.transaction() as inner:
                    inner.after_commit(lambda: seen.append("never"))
                    inner.after_rollback(lambda: seen.append("rolled back"))
                    raise ValueError("inner")
        assert seen == ["rolled back", "committed"]

    async def test_a_failing_callback_neither_undoes_the_commit_nor_breaks_the_connection(
        self, database: Database
    ) -> None:
        # Regression: it caused a second ROLLBACK, hid the error and made every later transaction
        # a bare savepoint.
        seen: list[str] = []

        def fail() -> None:
            raise ValueError("callback")

        with pytest.raises(TransactionError, match="was committed, but 1 of its 2") as caught:
            async with database.transaction() as transaction:
                transaction.after_commit(fail)
                transaction.after_commit(lambda: seen.append("ran"))
                await add(database, "a")
        assert isinstance(caught.value.__cause__, ExceptionGroup)
        assert seen == ["ran"]
        with pytest.raises(ValueError, match="undo"):
            async with database.transaction() as transaction:
                assert transaction.depth == 1
                await add(database, "b")
                raise ValueError("undo")
        assert await names(database) == ["a"]

    async def test_a_failing_rollback_callback_does_not_hide_the_first_error(
        self, database: Database
    ) -> None:
        def fail() -> None:
            raise KeyError("callback")

        with pytest.raises(ValueError, match="first") as caught:
            async with database.transaction() as transaction:
                transaction.after_rollback(fail)
                raise ValueError("first")
        assert "after_rollback" in caught.value.__notes__[0]
        await add(database, "works on")


class DriverContract(
    StatementContract, ErrorContract, TransactionContract, TaskContract, CallbackContract
):
    """All of it."""
