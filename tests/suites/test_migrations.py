"""Migrations: running, undoing, failing and finding them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.dialects import trigger
from velocious.configuration import Configuration
from velocious.errors import (
    ConfigurationError,
    MigrationError,
    NotNullConstraintError,
    UniqueConstraintError,
)
from velocious.migration import Migration, Migrator
from velocious.migration.structure import (
    dump_structure,
    load_structure,
    load_structure_sql,
    structure_sql,
)
from velocious.testing.migrations import ListedMigrations

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.migration import StepEvent
    from velocious.testing.environment import TestEnvironment


class CreateTasks(Migration):
    async def up(self) -> None:
        async with self.create_table("tasks") as t:
            t.string("name", null=False, unique=True)
            t.boolean("done", null=False, default=False)
            t.timestamps()

    async def down(self) -> None:
        await self.drop_table("tasks")


class AddPriority(Migration):
    async def up(self) -> None:
        await self.add_column("tasks", "priority", "integer", null=False, default=0, index=True)

    async def down(self) -> None:
        await self.remove_column("tasks", "priority")


class FailsHalfway(Migration):
    async def up(self) -> None:
        async with self.create_table("halves") as t:
            t.string("name")
        await self.execute("INSERT INTO halves (name) VALUES ('one')")
        await self.add_index("halves", ["nmae"])


def migrator(
    configuration: Configuration, *migrations: type[Migration], **options: Any
) -> Migrator:
    return Migrator(configuration, provider=ListedMigrations(migrations), **options)


async def run(configuration: Configuration, *migrations: type[Migration]) -> None:
    await migrator(configuration, *migrations).migrate()


async def versions(configuration: Configuration) -> list[str]:
    rows = await configuration.database().fetch("SELECT version FROM schema_migrations ORDER BY 1")
    return [version for (version,) in rows]


@asynccontextmanager
async def two_processes(environment: TestEnvironment) -> AsyncGenerator[list[Configuration]]:
    """Two configurations on one database file, each with connections of its own."""
    async with environment.directory() as directory:
        url = f"sqlite:///{directory}/shared.sqlite3"
        one, two = (
            Configuration(
                environment_handler=environment.handler(),
                environment="test",
                databases={"default": {"url": url, "busy_timeout": 20}},
            )
            for _ in range(2)
        )
        async with one, two:
            await one.database().open()
            await two.database().open()
            yield [one, two]


# Running


async def test_migrating_runs_what_is_pending_in_the_order_of_versions(
    environment: TestEnvironment,
) -> None:
    async with environment.application() as configuration:
        done = await migrator(configuration, CreateTasks, AddPriority).migrate()
        assert [event.name for event in done] == ["create_tasks", "add_priority"]
        table = await configuration.database().table("tasks")
        names = [column.name for column in table.columns]
        assert names == ["id", "name", "done", "created_at", "updated_at", "priority"]


async def test_migrating_again_does_nothing(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        await run(configuration, CreateTasks)
        assert await migrator(configuration, CreateTasks).migrate() == []


async def test_migrating_to_a_version_stops_there(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        await migrator(configuration, CreateTasks, AddPriority).migrate(20260101000000)
        assert await versions(configuration) == ["20260101000000"]


async def test_migrating_to_an_older_version_undoes_what_is_beyond_it(
    environment: TestEnvironment,
) -> None:
    async with environment.application() as configuration:
        both = migrator(configuration, CreateTasks, AddPriority)
        await both.migrate()
        done = await both.migrate("20260101000000")
        assert [(event.name, event.direction) for event in done] == [("add_priority", "down")]
        assert await versions(configuration) == ["20260101000000"]


async def test_migrating_to_zero_undoes_everything(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        both = migrator(configuration, CreateTasks, AddPriority)
        await both.migrate()
        await both.migrate(0)
        assert await configuration.database().table_names() == ["schema_migrations"]


async def test_an_unknown_target_names_close_versions(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        with pytest.raises(MigrationError, match="Did you mean '20260101000000'"):
            await migrator(configuration, CreateTasks).migrate("20260101000009")


async def test_rolling_back_undoes_the_newest_migration(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        both = migrator(configuration, CreateTasks, AddPriority)
        await both.migrate()
        await both.rollback()
        table = await configuration.database().table("tasks")
        assert table.column("priority") is None
        assert table.column("name") is not None
        assert await both.version() == "20260101000000"


async def test_rolling_back_several_steps(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        both = migrator(configuration, CreateTasks, AddPriority)
        await both.migrate()
        await both.rollback(2)
        assert await both.version() is None
        with pytest.raises(MigrationError, match="0 steps"):
            await both.rollback(0)


async def test_redoing_undoes_and_runs_again(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        both = migrator(configuration, CreateTasks, AddPriority)
        await both.migrate()
        done = await both.redo()
        assert [(event.name, event.direction) for event in done] == [
            ("add_priority", "down"),
            ("add_priority", "up"),
        ]
        assert await both.pending() == []


async def test_steps_are_told_with_their_number(environment: TestEnvironment) -> None:
    told: list[StepEvent] = []
    async with environment.application() as configuration:
        await migrator(configuration, CreateTasks, AddPriority, on_step=told.append).migrate()
    assert [(event.name, event.state, event.number, event.total) for event in told] == [
        ("create_tasks", "started", 1, 2),
        ("create_tasks", "finished", 1, 2),
        ("add_priority", "started", 2, 2),
        ("add_priority", "finished", 2, 2),
    ]


async def test_records_see_a_changed_table_at_once(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        await run(configuration, CreateTasks)
        database = configuration.database()
        assert (await database.table("tasks")).column("priority") is None
        await migrator(configuration, CreateTasks, AddPriority).migrate()
        assert (await database.table("tasks")).column("priority") is not None


# Status


async def test_status_says_what_has_run_and_when(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        before = configuration.clock.now()
        await run(configuration, CreateTasks)
        created, added = await migrator(configuration, CreateTasks, AddPriority).status()
        assert (created.name, created.state, created.edited) == ("create_tasks", "up", False)
        assert created.applied_at is not None
        assert before <= created.applied_at <= configuration.clock.now()
        assert (added.name, added.state, added.applied_at) == ("add_priority", "down", None)


async def test_status_reports_a_migration_whose_file_is_gone(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        await run(configuration, CreateTasks, AddPriority)
        states = [status.state for status in await migrator(configuration, CreateTasks).status()]
        assert states == ["up", "missing"]


async def test_a_migration_whose_file_is_gone_cannot_be_rolled_back(
    environment: TestEnvironment,
) -> None:
    async with environment.application() as configuration:
        await run(configuration, CreateTasks, AddPriority)
        with pytest.raises(MigrationError, match="20260101000001_add_priority.py is missing"):
            await migrator(configuration, CreateTasks).rollback()


async def test_status_reports_an_edited_migration(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        await run(configuration, CreateTasks)
        await configuration.database().execute("UPDATE schema_migrations SET checksum = 'other'")
        (status,) = await migrator(configuration, CreateTasks).status()
        assert status.edited


async def test_asking_for_the_status_writes_nothing(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        assert [one.state for one in await migrator(configuration, CreateTasks).status()] == [
            "down"
        ]
        assert await migrator(configuration, CreateTasks).version() is None
        assert await configuration.database().table_names() == []


# Failing


async def test_a_half_failing_migration_leaves_nothing_behind(environment: TestEnvironment) -> None:
    environment.needs("transactional_ddl")
    async with environment.application() as configuration:
        with pytest.raises(MigrationError) as caught:
            await run(configuration, CreateTasks, FailsHalfway)
        assert await configuration.database().table_names() == ["schema_migrations", "tasks"]
        assert await versions(configuration) == ["20260101000000"]
        message = str(caught.value)
        assert "20260101000001_fails_halfway.py" in message
        assert "add_index('halves', ['nmae'])" in message
        assert "Did you mean 'name'?" in message
        assert "Nothing of it was kept." in message


async def test_a_first_migration_that_fails_does_not_even_leave_the_ledger(
    environment: TestEnvironment,
) -> None:
    environment.needs("transactional_ddl")
    async with environment.application() as configuration:
        with pytest.raises(MigrationError):
            await run(configuration, FailsHalfway)
        assert await configuration.database().table_names() == []


async def test_where_tables_cannot_be_undone_a_failure_lists_what_has_stayed(
    environment: TestEnvironment,
) -> None:
    if environment.can("transactional_ddl"):
        pytest.skip(f"{environment.name} undoes changes of tables")
    async with environment.application() as configuration:
        with pytest.raises(MigrationError) as caught:
            await run(configuration, CreateTasks, FailsHalfway)
        message = str(caught.value)
        assert "in add_index('halves', ['nmae'])" in message
        assert "has stayed (2 statements): 1. CREATE TABLE `halves`" in message
        assert "2. INSERT INTO halves (name) VALUES ('one');" in message
        assert "does not count as run" in message
        assert await versions(configuration) == ["20260101000000"]
        with pytest.raises(MigrationError, match="It had changed nothing before that"):
            await run(configuration, CreateTasks, FailsHalfway)


async def test_the_cause_of_a_failure_is_chained(environment: TestEnvironment) -> None:
    class Divides(Migration):
        async def up(self) -> None:
            raise ZeroDivisionError("by zero")

    async with environment.application() as configuration:
        with pytest.raises(MigrationError, match="ZeroDivisionError: by zero") as caught:
            await run(configuration, Divides)
        assert isinstance(caught.value.__cause__, ZeroDivisionError)


async def test_a_failing_rollback_keeps_the_migration(environment: TestEnvironment) -> None:
    class CannotGoBack(CreateTasks):
        async def down(self) -> None:
            await self.drop_table("tasks")
            await self.drop_table("takss")

    environment.needs("transactional_ddl")
    async with environment.application() as configuration:
        await run(configuration, CannotGoBack)
        with pytest.raises(MigrationError, match="failed to roll back"):
            await migrator(configuration, CannotGoBack).rollback()
        assert "tasks" in await configuration.database().table_names()
        assert await versions(configuration) == ["20260101000000"]


async def test_a_migration_without_up_is_refused_before_anything_runs(
    environment: TestEnvironment,
) -> None:
    class Nothing(Migration):
        async def down(self) -> None: ...

    async with environment.application() as configuration:
        with pytest.raises(MigrationError, match=r"Nothing in .* has no up\(\)"):
            await run(configuration, CreateTasks, Nothing)
        assert await configuration.database().table_names() == []


async def test_a_migration_without_down_is_refused_before_anything_is_undone(
    environment: TestEnvironment,
) -> None:
    class OneWay(Migration):
        async def up(self) -> None:
            await self.execute("CREATE TABLE ways (id INTEGER)")

    async with environment.application() as configuration:
        await run(configuration, OneWay, CreateTasks)
        with pytest.raises(MigrationError, match=r"OneWay has no\s+down"):
            await migrator(configuration, OneWay, CreateTasks).rollback(2)
        assert len(await versions(configuration)) == 2


async def test_a_table_described_outside_of_a_block_is_an_error(
    environment: TestEnvironment,
) -> None:
    class Forgets(Migration):
        async def up(self) -> None:
            self.create_table("tasks")

    async with environment.application() as configuration:
        with pytest.raises(MigrationError, match=r"create_table\('tasks'\) was called"):
            await run(configuration, Forgets)


async def test_a_forgotten_await_is_an_error(environment: TestEnvironment) -> None:
    class Forgets(CreateTasks):
        async def up(self) -> None:
            await super().up()
            self.add_index("tasks", "done")  # pyright: ignore[reportUnusedCoroutine]

    async with environment.application() as configuration:
        with pytest.raises(MigrationError, match=r"await self\.add_index"):
            await run(configuration, Forgets)
        states = [one.state for one in await migrator(configuration, Forgets).status()]
        assert states == ["down"]
        if environment.can("transactional_ddl"):
            assert await configuration.database().table_names() == []


async def test_an_unknown_database_in_a_migration_is_an_error(environment: TestEnvironment) -> None:
    class Elsewhere(CreateTasks):
        on_databases = ("defualt",)

    async with environment.application() as configuration:
        with pytest.raises(MigrationError, match="Did you mean 'default'"):
            await run(configuration, Elsewhere)


async def test_a_migration_runs_on_its_databases_only(environment: TestEnvironment) -> None:
    class CreateLogs(Migration):
        on_databases = ("logs",)

        async def up(self) -> None:
            async with self.create_table("entries") as t:
                t.text("line")

    async with environment.directory() as directory:
        databases = {name: f"sqlite:///{directory}/{name}.sqlite3" for name in ("default", "logs")}
        async with environment.application(databases=databases) as configuration:
            await run(configuration, CreateTasks, CreateLogs)
            assert "entries" in await configuration.database("logs").table_names()
            assert "entries" not in await configuration.database().table_names()
            assert "tasks" not in await configuration.database("logs").table_names()


async def test_a_database_without_migrations_is_left_alone(environment: TestEnvironment) -> None:
    async with environment.directory() as directory:
        url = f"sqlite:///{directory}/plain.sqlite3"
        databases = {"default": {"url": url, "migrations": False}}
        async with environment.application(databases=databases) as configuration:
            assert await migrator(configuration, CreateTasks).migrate() == []
            with pytest.raises(ConfigurationError, match="without migrations"):
                Migrator(configuration, "default", provider=ListedMigrations([]))


async def test_without_a_transaction_what_was_done_stays_and_the_error_says_so(
    environment: TestEnvironment,
) -> None:
    class Bare(Migration):
        disable_transaction = True

        async def up(self) -> None:
            async with self.create_table("first") as t:
                t.string("name")
            with pytest.raises(MigrationError, match="no connection of its own"):
                assert self.connection
            await self.execute("nonsense")

    async with environment.application() as configuration:
        with pytest.raises(MigrationError, match="has stayed"):
            await run(configuration, Bare)
        assert await configuration.database().table_names() == ["first"]


# Two at once


async def test_two_migrators_in_one_process_run_each_migration_once(
    environment: TestEnvironment,
) -> None:
    async with environment.application() as configuration:
        done = await asyncio.gather(
            *(migrator(configuration, CreateTasks, AddPriority).migrate() for _ in range(3))
        )
        names = sorted(event.name for events in done for event in events)
        assert names == ["add_priority", "create_tasks"]


async def test_two_processes_that_migrate_at_once_run_each_migration_once(
    environment: TestEnvironment,
) -> None:
    async with two_processes(environment) as configurations:
        done = await asyncio.gather(
            *(migrator(one, CreateTasks, AddPriority).migrate() for one in configurations)
        )
        names = sorted(event.name for events in done for event in events)
        assert names == ["add_priority", "create_tasks"]


# Records of what was stored


async def test_false_zero_and_empty_text_are_defaults(environment: TestEnvironment) -> None:
    class Falsy(Migration):
        async def up(self) -> None:
            async with self.create_table("things") as t:
                t.boolean("flag", null=False, default=False)
                t.integer("count", null=False, default=0)
                t.string("text", null=False, default="")

    async with environment.application() as configuration:
        await run(configuration, Falsy)
        database = configuration.database()
        await database.execute(f"INSERT INTO things {database.dialect.default_row}")
        assert await database.fetch("SELECT flag, count, text FROM things") == [(0, 0, "")]


async def test_timestamps_must_not_be_null(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        await run(configuration, CreateTasks)
        with pytest.raises(NotNullConstraintError):
            await configuration.database().execute("INSERT INTO tasks (name) VALUES ('x')")


async def test_a_unique_column_refuses_a_second_value(environment: TestEnvironment) -> None:
    day = "'2026-01-01'"
    insert = f"INSERT INTO tasks (name, created_at, updated_at) VALUES ('x', {day}, {day})"
    async with environment.application() as configuration:
        await run(configuration, CreateTasks)
        await configuration.database().execute(insert)
        with pytest.raises(UniqueConstraintError):
            await configuration.database().execute(insert)


# Structure


class CreateAwkward(Migration):
    async def up(self) -> None:
        async with self.create_table("notes", id="uuid") as t:
            t.references("task", foreign_key=True, on_delete="cascade")
            t.references("subject", polymorphic=True)
            t.text("body", default="it's; -- not a comment")
            t.decimal("price", precision=8, scale=2, default="1.10")
            t.check("length(body) < 1000 -- ends with a comment\n")
            partial = self.database.capabilities.partial_indexes
            t.index(["price"], unique=True, where="price > 0" if partial else None)
        touch = (
            "UPDATE tasks SET name = 'a;b' WHERE id = new.task_id; DELETE FROM tasks WHERE id < 0"
        )
        for statement in trigger(self.database.dialect, "touch", "AFTER INSERT", "notes", touch):
            await self.execute(statement)
        await self.execute("CREATE VIEW prices AS SELECT price FROM notes -- the end")


async def test_loading_a_structure_gives_the_schema_that_migrating_gave(
    environment: TestEnvironment,
) -> None:
    async with environment.application() as migrated:
        await run(migrated, CreateTasks, CreateAwkward)
        structure = await structure_sql(migrated.database())
    async with environment.application() as loaded:
        database = loaded.database()
        await load_structure_sql(database, structure)
        assert await structure_sql(database) == structure
        assert await migrator(loaded, CreateTasks, CreateAwkward).migrate() == []
        states = await migrator(loaded, CreateTasks, CreateAwkward).status()
        assert [(one.state, one.applied_at) for one in states] == [("up", None), ("up", None)]


async def test_a_structure_is_the_same_text_each_time(environment: TestEnvironment) -> None:
    structures: set[str] = set()
    for _ in range(2):
        async with environment.application() as configuration:
            await run(configuration, CreateTasks, CreateAwkward)
            structures.add(await structure_sql(configuration.database()))
    assert len(structures) == 1
    assert "INSERT INTO schema_migrations" in structures.pop()


async def test_a_structure_is_not_loaded_over_tables(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        await run(configuration, CreateTasks)
        with pytest.raises(MigrationError, match="has 2 tables already"):
            await load_structure_sql(configuration.database(), "CREATE TABLE x (id INTEGER);")


async def test_a_broken_structure_loads_nothing(environment: TestEnvironment) -> None:
    environment.needs("transactional_ddl")
    async with environment.application() as configuration:
        with pytest.raises(Exception, match="syntax error"):
            await load_structure_sql(
                configuration.database(), "CREATE TABLE x (id INTEGER);\nnonsense;\n"
            )
        assert await configuration.database().table_names() == []


async def test_a_structure_file_is_written_and_loaded(environment: TestEnvironment) -> None:
    async with environment.directory() as directory:
        files = environment.handler().files(directory)
        async with environment.application() as migrated:
            await run(migrated, CreateTasks, CreateAwkward)
            assert await dump_structure(migrated.database(), files) == "db/structure-default.sql"
        async with environment.application() as loaded:
            await load_structure(loaded.database(), files)
            assert (
                files.read_text("db/structure-default.sql").strip()
                == (await structure_sql(loaded.database())).strip()
            )


async def test_a_missing_structure_file_says_what_writes_it(environment: TestEnvironment) -> None:
    async with environment.directory() as directory:
        files = environment.handler().files(directory)
        async with environment.application() as configuration:
            with pytest.raises(MigrationError, match="db:schema:dump"):
                await load_structure(configuration.database(), files)
