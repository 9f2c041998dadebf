"""Changing tables that have rows: what was there stays, what was asked for happens."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.dialects import (
    cascades_trigger,
    continue_keys,
    drop_trigger,
    trigger,
    views_follow,
)
from velocious.errors import (
    CheckConstraintError,
    ForeignKeyConstraintError,
    MigrationError,
    NotNullConstraintError,
    StatementError,
    UnknownOptionError,
    UnknownTableError,
)
from velocious.migration import Migration, Migrator, sql
from velocious.testing.migrations import ListedMigrations

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from velocious.database.database import Database
    from velocious.testing.environment import TestEnvironment

    type Change = Callable[[Migration], Awaitable[object]]


class CreateBoard(Migration):
    """Two tables with all that a rebuild could lose, and rows."""

    async def up(self) -> None:
        async with self.create_table("projects") as t:
            t.string("name", null=False)
        async with self.create_table("tasks") as t:
            t.references("project", foreign_key=True, null=False, on_delete="cascade")
            t.string("name", limit=80, null=False, default="it's")
            t.integer("position", check="position >= 0")
            t.decimal("cost", precision=8, scale=2, default="1.10")
            t.boolean("done", null=False, default=False)
            t.index(["project_id", "name"], unique=True)
            can = self.database.capabilities
            t.index("position", where="done = FALSE" if can.partial_indexes else None)
            if can.expression_indexes:
                t.index(sql("lower(name)"), name="index_tasks_on_lower_name")
        await self.execute("CREATE TABLE log (line TEXT)")
        dialect = self.database.dialect
        note = "INSERT INTO log VALUES (old.name)"
        for statement in trigger(dialect, "note", "AFTER DELETE", "tasks", note):
            await self.execute(statement)
        await self.execute("CREATE VIEW names AS SELECT id, name FROM tasks WHERE done = FALSE")
        await self.execute("INSERT INTO projects (id, name) VALUES (7, 'Apollo'), (9, 'Zeus')")
        await self.execute(
            "INSERT INTO tasks (id, project_id, name, position, cost) "
            "VALUES (1, 7, 'one', 1, '1.10'), (2, 9, 'two', NULL, '2.00'), (50, 9, 'last', 3, '3')"
        )
        for statement in continue_keys(dialect, "tasks", 50):
            await self.execute(statement)
        await self.execute("DELETE FROM tasks WHERE id = 50")
        await self.execute("DELETE FROM log")


@asynccontextmanager
async def board(environment: TestEnvironment) -> AsyncGenerator[Board]:
    async with environment.application(schema=[CreateBoard]) as configuration:
        yield Board(configuration)


class Board:
    """The database that CreateBoard made, and a way to change it."""

    def __init__(self, configuration: Any) -> None:
        self.configuration = configuration
        self.database: Database = configuration.database()

    async def change(self, change: Change) -> None:
        class Changes(Migration):
            async def up(self) -> None:
                await change(self)

        before = [CreateBoard] if "projects" in await self.database.table_names() else []
        migrations = ListedMigrations([*before, Changes])
        await Migrator(self.configuration, provider=migrations).migrate()

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        return await self.database.fetch(query)


async def assert_nothing_else_was_lost(made: Board) -> None:
    """Rows, keys, defaults, checks, indexes, triggers and views are as they were."""
    assert await made.rows("SELECT id, project_id, name, position FROM tasks ORDER BY id") == [
        (1, 7, "one", 1),
        (2, 9, "two", None),
    ]
    assert await made.rows("SELECT * FROM names ORDER BY id") == [(1, "one"), (2, "two")]
    table = await made.database.table("tasks")
    can = made.database.capabilities
    assert {index.name for index in table.indexes} >= {
        *(["index_tasks_on_lower_name"] if can.expression_indexes else []),
        "index_tasks_on_position",
        "index_tasks_on_project_id",
        "index_tasks_on_project_id_and_name",
    }
    partial = next(one for one in table.indexes if one.name == "index_tasks_on_position")
    assert partial.where in (("done = FALSE", "done = false") if can.partial_indexes else (None,))
    with pytest.raises(CheckConstraintError):
        await made.database.execute("UPDATE tasks SET position = -1")
    with pytest.raises(ForeignKeyConstraintError):
        await made.database.execute("UPDATE tasks SET project_id = 4711")
    await made.database.execute("INSERT INTO tasks (project_id) VALUES (7)")
    # 50 was given once: AUTOINCREMENT must not give it again.
    (newest,) = await made.rows("SELECT id, name FROM tasks ORDER BY id DESC LIMIT 1")
    assert newest == (51, "it's")
    await made.database.execute("DELETE FROM projects WHERE id = 9")
    assert await made.rows("SELECT id FROM tasks ORDER BY id") == [(1,), (51,)]
    logged = [("two",)] if cascades_trigger(made.database.dialect) else []
    assert await made.rows("SELECT line FROM log") == logged


CHANGES: dict[str, Change] = {
    "another type": lambda m: m.change_column("tasks", "cost", "float"),
    "another default": lambda m: m.change_column_default("tasks", "done", True),
    "no default": lambda m: m.change_column_default("tasks", "cost", None),
    "null": lambda m: m.change_column_null("tasks", "done", True),
    "not null": lambda m: m.change_column_null("tasks", "cost", False),
    "a column with a default": lambda m: m.add_column("tasks", "extra", "string", default="x"),
    "a computed column": lambda m: m.add_column(
        "tasks", "moment", "datetime", null=False, default=sql("CURRENT_TIMESTAMP")
    ),
    "a reference": lambda m: m.add_reference("tasks", "parent", foreign_key="tasks"),
    "a column removed": lambda m: m.remove_column("tasks", "cost"),
    "a rebuilt parent": lambda m: m.change_column_null("projects", "name", True),
    "a parent's column": lambda m: m.change_column("projects", "name", "text", null=True),
}


@pytest.mark.parametrize("name", CHANGES)
async def test_a_change_loses_nothing_else(environment: TestEnvironment, name: str) -> None:
    async with board(environment) as made:
        await made.change(CHANGES[name])
        await assert_nothing_else_was_lost(made)


# Columns


async def test_a_removed_column_is_really_gone(environment: TestEnvironment) -> None:
    async with board(environment) as made:

        async def change(m: Migration) -> None:
            await m.execute("DROP VIEW names")
            await m.execute(drop_trigger(m.database.dialect, "note", "tasks"))
            await m.remove_column("tasks", "name")

        await made.change(change)
        table = await made.database.table("tasks")
        assert table.column("name") is None
        assert all("name" not in index.name for index in table.indexes)


async def test_a_removed_column_that_a_check_uses_is_refused(environment: TestEnvironment) -> None:
    async def change(m: Migration) -> None:
        async with m.create_table("spans") as t:
            t.integer("low")
            t.integer("high")
            t.check("low <= high")
        await m.remove_column("spans", "low")

    async with board(environment) as made:
        with pytest.raises(MigrationError, match="'low' of 'spans' is still used"):
            await made.change(change)


async def test_a_removed_column_that_a_view_uses_is_refused(environment: TestEnvironment) -> None:
    async with board(environment) as made:
        with pytest.raises(MigrationError, match="names.* Drop the view"):
            await made.change(lambda m: m.remove_column("tasks", "done"))
        assert (await made.database.table("tasks")).column("done") is not None


async def test_a_removed_reference_takes_its_foreign_key_along(
    environment: TestEnvironment,
) -> None:
    async with board(environment) as made:
        await made.change(lambda m: m.remove_reference("tasks", "project"))
        table = await made.database.table("tasks")
        assert table.foreign_keys == ()
        assert table.column("project_id") is None
        assert await made.rows("SELECT name FROM tasks ORDER BY id") == [("one",), ("two",)]


async def test_a_primary_key_is_not_removed(environment: TestEnvironment) -> None:
    async with board(environment) as made:
        with pytest.raises(MigrationError, match="part of the primary key"):
            await made.change(lambda m: m.remove_column("tasks", "id"))


async def test_a_renamed_column_keeps_its_index_and_its_view(environment: TestEnvironment) -> None:
    async with board(environment) as made:
        await made.change(lambda m: m.rename_column("tasks", "name", "title"))
        assert await made.rows("SELECT title FROM tasks ORDER BY id") == [("one",), ("two",)]
        if views_follow(made.database.dialect):
            assert await made.rows("SELECT count(*) FROM names") == [(2,)]
        table = await made.database.table("tasks")
        assert ("project_id", "title") in [index.columns for index in table.indexes]


async def test_a_renamed_table_keeps_its_children(environment: TestEnvironment) -> None:
    async with board(environment) as made:
        await made.change(lambda m: m.rename_table("projects", "plans"))
        (key,) = (await made.database.table("tasks")).foreign_keys
        assert key.to_table == "plans"


async def test_a_new_column_that_must_not_be_null_needs_a_default(
    environment: TestEnvironment,
) -> None:
    async with board(environment) as made:
        with pytest.raises(MigrationError, match="has rows and the column has no default"):
            await made.change(lambda m: m.add_column("tasks", "owner", "string", null=False))


async def test_in_an_empty_table_it_needs_none(environment: TestEnvironment) -> None:
    async def change(m: Migration) -> None:
        await m.execute("DELETE FROM tasks")
        await m.add_column("tasks", "owner", "string", null=False)

    async with board(environment) as made:
        await made.change(change)
        with pytest.raises(NotNullConstraintError):
            await made.database.execute("INSERT INTO tasks (project_id) VALUES (7)")


async def test_forbidding_null_counts_the_rows_in_the_way(environment: TestEnvironment) -> None:
    async with board(environment) as made:
        with pytest.raises(MigrationError, match="1 rows of 'tasks' have no 'position'"):
            await made.change(lambda m: m.change_column_null("tasks", "position", False))


async def test_forbidding_null_with_a_default_fills_it_in(environment: TestEnvironment) -> None:
    async with board(environment) as made:
        await made.change(lambda m: m.change_column_null("tasks", "position", False, 0))
        assert await made.rows("SELECT position FROM tasks ORDER BY id") == [(1,), (0,)]
        with pytest.raises(NotNullConstraintError):
            await made.database.execute("UPDATE tasks SET position = NULL")


async def test_changing_a_table_in_a_block(environment: TestEnvironment) -> None:
    async def change(m: Migration) -> None:
        async with m.change_table("tasks") as t:
            t.rename("name", "title")
            t.remove("cost", "done")
            t.date("due_on", index=True)
            t.references("parent", foreign_key="tasks")

    async with board(environment) as made:

        async def both(m: Migration) -> None:
            await m.execute("DROP VIEW names")
            await m.remove_index("tasks", name="index_tasks_on_position")
            await change(m)

        await made.change(both)
        table = await made.database.table("tasks")
        names = [column.name for column in table.columns]
        assert names == ["id", "project_id", "title", "position", "due_on", "parent_id"]
        assert await made.rows("SELECT title, due_on FROM tasks WHERE id = 1") == [("one", None)]


# Tables that others made

FOREIGN_MADE = '''
    CREATE TABLE words (
        word TEXT NOT NULL COLLATE NOCASE, -- the word, as it was found
        lang TEXT DEFAULT 'en', /* two letters (ISO) */
        shout TEXT GENERATED ALWAYS AS (upper(word)) STORED,
        root TEXT REFERENCES words (word) ON DELETE SET NULL,
        CONSTRAINT one_word PRIMARY KEY (word) CHECK (lang <> '')
    ) WITHOUT ROWID;
    CREATE TABLE "odd ""name""" (rowid_ INTEGER, "a, b" TEXT, [c)] REAL DEFAULT -1.5);
    INSERT INTO words (word, root) VALUES ('tree', NULL), ('trees', 'tree');
    INSERT INTO "odd ""name""" VALUES (1, 'x', 2.5);
'''


async def test_a_table_without_rowid_is_rebuilt_as_it_was_written(
    environment: TestEnvironment,
) -> None:
    environment.needs("sqlite_files")
    async with environment.application(schema=FOREIGN_MADE) as configuration:
        made = Board(configuration)
        await made.change(lambda m: m.change_column_default("words", "lang", "de"))
        await made.database.execute("INSERT INTO words (word, root) VALUES ('Baum', 'TREE')")
        assert await made.rows("SELECT word, lang, shout, root FROM words") == [
            ("Baum", "de", "BAUM", "TREE"),
            ("tree", "en", "TREE", None),
            ("trees", "en", "TREES", "tree"),
        ]
        (structure,) = await made.rows("SELECT sql FROM sqlite_schema WHERE name = 'words'")
        assert "-- the word, as it was found" in structure[0]
        assert "WITHOUT ROWID" in structure[0]
        with pytest.raises(CheckConstraintError):
            await made.database.execute("UPDATE words SET lang = ''")
        await made.database.execute("DELETE FROM words WHERE word = 'tree'")
        assert await made.rows("SELECT count(root) FROM words") == [(0,)]


async def test_awkward_names_survive(environment: TestEnvironment) -> None:
    environment.needs("sqlite_files")
    async with environment.application(schema=FOREIGN_MADE) as configuration:
        made = Board(configuration)
        await made.change(lambda m: m.change_column('odd "name"', "a, b", "string", null=False))
        table = await made.database.table('odd "name"')
        assert [column.name for column in table.columns] == ["rowid_", "a, b", "c)"]
        assert await made.rows('SELECT * FROM "odd ""name"""') == [(1, "x", 2.5)]


# Foreign keys and indexes


async def test_a_foreign_key_over_orphans_is_refused(environment: TestEnvironment) -> None:
    async def change(m: Migration) -> None:
        async with m.create_table("notes") as t:
            t.references("task")
        await m.execute("INSERT INTO notes (task_id) VALUES (1), (4711)")
        await m.add_foreign_key("notes", "tasks")

    async with board(environment) as made:
        with pytest.raises(MigrationError, match="1 rows of 'notes' point at rows of 'tasks'"):
            await made.change(change)


async def test_a_foreign_key_can_be_added_and_removed(environment: TestEnvironment) -> None:
    async def add(m: Migration) -> None:
        async with m.create_table("notes") as t:
            t.references("task")
        await m.add_foreign_key("notes", "tasks", on_delete="set null")

    async with board(environment) as made:
        await made.change(add)
        (key,) = (await made.database.table("notes")).foreign_keys
        assert (key.columns, key.to_table, key.on_delete) == (("task_id",), "tasks", "SET NULL")
    async with board(environment) as made:

        async def both(m: Migration) -> None:
            await add(m)
            await m.remove_foreign_key("notes", "tasks")

        await made.change(both)
        assert (await made.database.table("notes")).foreign_keys == ()


async def test_rebuilding_a_parent_does_not_delete_its_children(
    environment: TestEnvironment,
) -> None:
    async with board(environment) as made:
        await made.change(lambda m: m.change_column_default("projects", "name", "none"))
        assert await made.rows("SELECT count(*) FROM tasks") == [(2,)]
        assert await made.rows("SELECT count(*) FROM log") == [(0,)]


async def test_foreign_keys_hold_inside_a_migration_that_rebuilds(
    environment: TestEnvironment,
) -> None:
    async def change(m: Migration) -> None:
        await m.change_column_null("projects", "name", True)
        await m.execute("DELETE FROM projects WHERE id = 9")

    async with board(environment) as made:
        await made.change(change)
        assert await made.rows("SELECT id FROM tasks") == [(1,)]


async def test_a_failure_after_a_rebuild_brings_the_old_table_back(
    environment: TestEnvironment,
) -> None:
    environment.needs("transactional_ddl")

    async def change(m: Migration) -> None:
        await m.change_column("tasks", "cost", "float")
        await m.execute("DELETE FROM tasks")
        raise RuntimeError("stop")

    async with board(environment) as made:
        with pytest.raises(MigrationError, match="stop"):
            await made.change(change)
        column = (await made.database.table("tasks")).column("cost")
        assert column is not None
        assert (column.kind, column.precision, column.scale) == ("decimal", 8, 2)
        await assert_nothing_else_was_lost(made)


async def test_long_text_is_indexed_and_kept_unique_where_that_is_possible(
    environment: TestEnvironment,
) -> None:
    whole = "text" not in environment.databases.dialect.long_kinds

    async def change(m: Migration) -> None:
        await m.add_column("tasks", "story", "text")
        await m.add_index("tasks", "story")
        if whole:
            await m.add_index("tasks", "story", name="unique_stories", unique=True)
        else:
            with pytest.raises(MigrationError, match="Make it a string with a limit"):
                await m.add_index("tasks", "story", name="unique_stories", unique=True)

    async with board(environment) as made:
        await made.change(change)
        table = await made.database.table("tasks")
        found = [index.unique for index in table.indexes if index.columns == ("story",)]
        assert found == ([False, True] if whole else [False])


async def test_indexes_are_found_by_their_columns(environment: TestEnvironment) -> None:
    async def change(m: Migration) -> None:
        assert await m.index_exists("tasks", ["project_id", "name"])
        await m.remove_index("tasks", ["project_id", "name"])
        assert not await m.index_exists("tasks", ["project_id", "name"])

    async with board(environment) as made:
        await made.change(change)


async def test_an_index_that_is_not_there_lists_those_that_are(
    environment: TestEnvironment,
) -> None:
    async with board(environment) as made:
        with pytest.raises(MigrationError, match="No indexes of 'tasks' match .*index_tasks_on_"):
            await made.change(lambda m: m.remove_index("tasks", ["cost"]))


async def test_long_index_names_are_cut_and_stay_unique(environment: TestEnvironment) -> None:
    long = "a_column_with_a_name_that_is_rather_long"

    async def change(m: Migration) -> None:
        async with m.create_table("wide") as t:
            t.string(f"{long}_one")
            t.string(f"{long}_two")
        await m.add_index("wide", [f"{long}_one", f"{long}_two"])
        await m.add_index("wide", [f"{long}_one", "id"])

    async with board(environment) as made:
        await made.change(change)
        names = [index.name for index in (await made.database.table("wide")).indexes]
        assert len(set(names)) == 2
        assert all(len(name.encode()) <= 62 for name in names)


# Mistakes


MISTAKES: list[tuple[Callable[[Any], Awaitable[object]], type[Exception], str]] = [
    (lambda m: m.add_column("taks", "x", "string"), UnknownTableError, "'tasks'"),
    (lambda m: m.add_column("tasks", "x", "strnig"), MigrationError, "'string'"),
    (lambda m: m.add_column("tasks", "x", "string", nul=False), UnknownOptionError, "'null'"),
    (lambda m: m.add_column("tasks", "name", "string"), MigrationError, "already"),
    (lambda m: m.add_column("tasks", "x", "integer", default="abc"), Exception, "abc"),
    (lambda m: m.add_column("tasks", "x", "decimal", scale=2), MigrationError, "precision"),
    (lambda m: m.remove_column("tasks", "nmae"), MigrationError, "'name'"),
    (lambda m: m.rename_column("tasks", "nmae", "x"), MigrationError, "'name'"),
    (lambda m: m.add_index("tasks", ["postion"]), MigrationError, "'position'"),
    (lambda m: m.drop_table("taks"), UnknownTableError, "'tasks'"),
    (lambda m: m.add_reference("tasks", "x", foreign=True), UnknownOptionError, "foreign_key"),
    (
        lambda m: m.add_reference("tasks", "x", foreign_key=True, on_delete="cascad"),
        MigrationError,
        "'cascade'",
    ),
    (
        lambda m: m.add_reference("tasks", "x", foreign_key="projects", polymorphic=True),
        MigrationError,
        "polymorphic",
    ),
    (lambda m: m.add_foreign_key("tasks", "log", column="name"), MigrationError, "'id'"),
    (lambda m: m.remove_foreign_key("tasks", "log"), MigrationError, "project_id → projects"),
    (lambda m: m.add_column("names", "x", "string"), StatementError, "names"),
]


@pytest.mark.parametrize(("change", "error", "hint"), MISTAKES)
async def test_a_mistake_is_named_with_what_would_have_been_right(
    environment: TestEnvironment, change: Change, error: type[Exception], hint: str
) -> None:
    async with board(environment) as made:
        left = "Nothing of it was kept|It had changed nothing before that"
        with pytest.raises(MigrationError, match=left) as caught:
            await made.change(change)
        assert hint in str(caught.value)
        assert isinstance(caught.value.__cause__, error)
        await assert_nothing_else_was_lost(made)
