"""Undoing what ``change()`` does."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from velocious.errors import IrreversibleMigrationError, MigrationError
from velocious.migration import Migration, Migrator, sql
from velocious.testing.migrations import ListedMigrations

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment

    type Change = Callable[[Migration], Awaitable[object]]


class CreateProjects(Migration):
    async def change(self) -> None:
        async with self.create_table("projects") as t:
            t.string("name", null=False)


class CreateTasks(Migration):
    async def change(self) -> None:
        async with self.create_table("tasks") as t:
            t.references("project", foreign_key=True, index=False)
            t.string("name", null=False, default="none")
            t.integer("position")
            t.integer("size", index=True)
            t.index("position")
            t.check("position >= 0", name="positive")
        await self.execute_nothing()
        await self.create_view("names", "SELECT name FROM tasks")

    async def execute_nothing(self) -> None:
        """What a migration asks is answered while it is undone, too."""
        assert await self.table_exists("projects")


def changing(change: Change) -> type[Migration]:
    class Changes(Migration):
        async def change(self) -> None:
            await change(self)

    return Changes


@asynccontextmanager
async def board(environment: TestEnvironment) -> AsyncGenerator[Configuration]:
    async with environment.application(schema=[CreateProjects, CreateTasks]) as configuration:
        yield configuration


def migrator(configuration: Configuration, *others: type[Migration]) -> Migrator:
    provider = ListedMigrations([CreateProjects, CreateTasks, *others])
    return Migrator(configuration, provider=provider)


async def described(configuration: Configuration) -> list[Any]:
    """Everything about the tables that there is to say, in an order of its own."""
    database = configuration.database()
    names = [name for name in await database.table_names() if name != "schema_migrations"]
    tables = [await database.table(name) for name in names]
    return [
        (
            table.name,
            sorted(table.columns, key=lambda column: column.name),
            table.primary_key,
            sorted(table.indexes, key=lambda index: index.name),
            sorted(table.foreign_keys, key=lambda key: key.columns),
        )
        for table in tables
    ]


async def in_a_table(m: Migration) -> None:
    async with m.change_table("projects") as t:
        t.date("due_on", index=True)
        t.references("owner")
        t.enum("state", ["open", "done"], default="open", null=False)
        t.rename("name", "title")
        t.check("title <> ''")


async def a_table(m: Migration) -> None:
    async with m.create_table("files", id="uuid", comment="said") as t:
        t.references("task", foreign_key=True)
        t.timestamps()


async def dropping(m: Migration) -> None:
    await m.drop_view("names", "SELECT name FROM tasks")
    async with m.drop_table("tasks") as t:
        t.references("project", foreign_key=True, index=False)
        t.string("name", null=False, default="none")
        t.integer("position")
        t.integer("size", index=True)
        t.index("position")
        t.check("position >= 0", name="positive")


async def if_it_is_missing(m: Migration) -> None:
    await m.add_reference("tasks", "owner")
    for _ in range(2):
        await m.add_column("tasks", "extra", "string", if_not_exists=True)
        await m.add_index("tasks", "extra", if_not_exists=True)
        await m.add_check_constraint("tasks", "size < 9", name="few", if_not_exists=True)
        await m.add_foreign_key("tasks", "projects", column="owner_id", if_not_exists=True)
        async with m.create_table("extras", if_not_exists=True) as t:
            t.string("name")


async def join_table(m: Migration) -> None:
    await m.create_join_table("projects", "tasks", foreign_key=True)


async def join_table_twice(m: Migration) -> None:
    await m.create_join_table("projects", "tasks")
    await m.drop_join_table("projects", "tasks")


REVERSIBLE: dict[str, Change] = {
    "a table": a_table,
    "a dropped table": dropping,
    "a renamed table": lambda m: m.rename_table("projects", "plans"),
    "a changed table": in_a_table,
    "a join table": join_table,
    "a join table that is gone": join_table_twice,
    "a column": lambda m: m.add_column("projects", "size", "integer", index=True),
    "a removed column": lambda m: m.remove_column("tasks", "size", "integer", index=True),
    "a renamed column": lambda m: m.rename_column("projects", "name", "title"),
    "null": lambda m: m.change_column_null("projects", "name", True),
    "a default": lambda m: m.change_column_default("tasks", "name", "x", was="none"),
    "comments": lambda m: m.change_column_comment("tasks", "name", "said", was=None),
    "a table's comment": lambda m: m.change_table_comment("tasks", "said", was=None),
    "what is there already": if_it_is_missing,
    "times": lambda m: m.add_timestamps("tasks", default="2026-01-01"),
    "a reference": lambda m: m.add_reference("tasks", "owner", polymorphic=True),
    "a reference with a key": lambda m: m.add_reference("tasks", "owner", to_table="projects"),
    "a foreign key": lambda m: m.remove_foreign_key("tasks", "projects"),
    "an index": lambda m: m.add_index("tasks", ["name", "position"], order={"name": "desc"}),
    "a removed index": lambda m: m.remove_index("tasks", "position"),
    "a renamed index": lambda m: m.rename_index("tasks", "index_tasks_on_position", "places"),
    "a check": lambda m: m.add_check_constraint("tasks", "position < 100", name="small"),
    "a removed check": lambda m: m.remove_check_constraint(
        "tasks", "position >= 0", name="positive"
    ),
    "a view": lambda m: m.create_view("positions", "SELECT position FROM tasks"),
    "a replaced view": lambda m: m.replace_view(
        "names", "SELECT name FROM tasks WHERE position > 0", was="SELECT name FROM tasks"
    ),
}


@pytest.mark.parametrize("name", REVERSIBLE)
async def test_what_a_change_did_is_undone(environment: TestEnvironment, name: str) -> None:
    if name == "a removed check":
        # MariaDB tells tables apart by their checks only where it is asked for them.
        environment.needs("transactional_ddl")
    async with board(environment) as configuration:
        before = await described(configuration)
        changed = migrator(configuration, changing(REVERSIBLE[name]))
        await changed.migrate()
        await changed.rollback()
        assert await described(configuration) == before
        await changed.migrate()
        await changed.redo()
        await changed.rollback()
        assert await described(configuration) == before


async def test_a_chain_of_changes_is_undone_from_its_end(environment: TestEnvironment) -> None:
    async def change(m: Migration) -> None:
        await m.rename_table("projects", "plans")
        await m.add_column("plans", "size", "integer")
        await m.rename_column("plans", "size", "height")
        await m.add_index("plans", "height")

    async with board(environment) as configuration:
        before = await described(configuration)
        changed = migrator(configuration, changing(change))
        await changed.migrate()
        await changed.rollback()
        assert await described(configuration) == before
        await changed.migrate(0)
        assert await configuration.database().table_names() == ["schema_migrations"]


async def noted(m: Migration, log: list[str], text: str) -> None:
    log.append(text)
    await m.execute("UPDATE projects SET name = 'x' WHERE id = -1")


async def test_reversible_steps_run_in_both_directions_at_their_place(
    environment: TestEnvironment,
) -> None:
    log: list[str] = []

    async def change(m: Migration) -> None:
        await m.reversible(up=lambda: noted(m, log, "first"), down=lambda: noted(m, log, "1st"))
        await m.up_only(lambda: noted(m, log, "only"))
        await m.reversible(up=lambda: noted(m, log, "last"), down=lambda: noted(m, log, "lst"))
        await m.reversible(down=lambda: noted(m, log, "end"))

    async with board(environment) as configuration:
        changed = migrator(configuration, changing(change))
        await changed.migrate()
        assert log == ["first", "only", "last"]
        log.clear()
        await changed.rollback()
        assert log == ["end", "lst", "1st"]


async def test_another_migration_is_reverted_and_brought_back(environment: TestEnvironment) -> None:
    async with board(environment) as configuration:
        before = await described(configuration)
        changed = migrator(configuration, changing(lambda m: m.revert(CreateTasks)))
        await changed.migrate()
        assert "tasks" not in await configuration.database().table_names()
        await changed.rollback()
        assert await described(configuration) == before


async def test_a_migration_is_reverted_by_its_version(environment: TestEnvironment) -> None:
    async with board(environment) as configuration:
        before = await described(configuration)
        changed = migrator(configuration, changing(lambda m: m.revert("20260101000001")))
        await changed.plan()
        await changed.migrate()
        assert "tasks" not in await configuration.database().table_names()
        await changed.rollback()
        assert await described(configuration) == before
        unknown = migrator(configuration, changing(lambda m: m.revert("20260101000007")))
        with pytest.raises(MigrationError, match="Did you mean '2026010100000"):
            await unknown.migrate()


async def test_reverting_what_does_nothing_does_nothing(environment: TestEnvironment) -> None:
    class Empty(Migration):
        async def change(self) -> None: ...

    async with board(environment) as configuration:
        before = await described(configuration)
        changed = migrator(configuration, changing(lambda m: m.revert(Empty)))
        await changed.migrate()
        await changed.rollback()
        assert await described(configuration) == before


async def test_a_function_of_commands_is_reverted(environment: TestEnvironment) -> None:
    async def change(m: Migration) -> None:
        async def index() -> None:
            await m.add_index("tasks", "position")

        await m.revert(index)

    async with board(environment) as configuration:

        async def index_names() -> set[str]:
            return {one.name for one in (await configuration.database().table("tasks")).indexes}

        changed = migrator(configuration, changing(change))
        await changed.migrate()
        assert "index_tasks_on_position" not in await index_names()
        await changed.rollback()
        assert "index_tasks_on_position" in await index_names()


IRREVERSIBLE: list[tuple[Change, str, str]] = [
    (lambda m: m.execute("DELETE FROM tasks"), "execute('DELETE FROM tasks')", "self.reversible"),
    (lambda m: m.remove_column("tasks", "size"), "remove_column('tasks', 'size')", "type"),
    (lambda m: m.change_column("tasks", "size", "bigint"), "change_column('tasks'", "type"),
    (lambda m: m.change_column_default("tasks", "name", "x"), "change_column_default", "was="),
    (lambda m: m.drop_view("names"), "drop_view('names')", "query"),
    (lambda m: m.remove_index("tasks", name="index_tasks_on_position"), "remove_index", "columns"),
    (lambda m: m.remove_check_constraint("tasks", name="positive"), "remove_check", "condition"),
    (lambda m: m.backfill("tasks", {"position": 0}), "backfill('tasks')", "self.up_only"),
]


@pytest.mark.parametrize(("change", "step", "hint"), IRREVERSIBLE)
async def test_what_cannot_be_undone_says_what_would_make_it_so(
    environment: TestEnvironment, change: Change, step: str, hint: str
) -> None:
    async def after_an_index(m: Migration) -> None:
        await m.add_column("projects", "extra", "string")
        await change(m)

    async with board(environment) as configuration:
        changed = migrator(configuration, changing(after_an_index))
        await changed.migrate()
        before = await described(configuration)
        with pytest.raises(MigrationError) as caught:
            await changed.rollback()
        assert isinstance(caught.value.__cause__, IrreversibleMigrationError)
        assert step in str(caught.value)
        assert hint in str(caught.value)
        assert await described(configuration) == before


async def test_a_dropped_table_that_nobody_described_cannot_come_back(
    environment: TestEnvironment,
) -> None:
    async def change(m: Migration) -> None:
        await m.drop_view("names")
        await m.drop_table("tasks")

    async with board(environment) as configuration:
        changed = migrator(configuration, changing(change))
        await changed.migrate()
        with pytest.raises(MigrationError, match=r"async with self\.drop_table"):
            await changed.rollback()


async def test_a_forgotten_await_in_a_change_is_an_error_in_both_directions(
    environment: TestEnvironment,
) -> None:
    forgets = False

    async def change(m: Migration) -> None:
        if forgets:
            m.drop_table("tasks")
        await m.add_column("tasks", "x", "string")

    async with board(environment) as configuration:
        changed = migrator(configuration, changing(change))
        await changed.migrate()
        forgets = True
        with pytest.raises(MigrationError, match=r"await self\.drop_table\('tasks'\)"):
            await changed.rollback()


async def test_a_migration_that_says_it_twice_is_refused(environment: TestEnvironment) -> None:
    class Twice(Migration):
        async def change(self) -> None:
            await self.drop_table("tasks")

        async def down(self) -> None: ...

    async with board(environment) as configuration:
        with pytest.raises(MigrationError, match=r"both change\(\) and up\(\) or down\(\)"):
            await migrator(configuration, Twice).migrate()
        assert "tasks" in await configuration.database().table_names()


async def test_an_index_of_an_expression_is_undone_by_its_name(
    environment: TestEnvironment,
) -> None:
    environment.needs("expression_indexes")

    async def change(m: Migration) -> None:
        await m.add_index("tasks", sql("lower(name)"), name="lower_names", unique=True)

    async with board(environment) as configuration:
        before = await described(configuration)
        changed = migrator(configuration, changing(change))
        await changed.migrate()
        await changed.rollback()
        assert await described(configuration) == before
