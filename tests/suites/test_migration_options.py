"""What tables, columns, references and indexes of migrations can be given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from velocious.errors import (
    CheckConstraintError,
    ForeignKeyConstraintError,
    MigrationError,
    UniqueConstraintError,
    UnknownOptionError,
)
from velocious.migration import Migration, Migrator, expression, sql
from velocious.migration.structure import structure_sql
from velocious.testing.migrations import ListedMigrations

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.configuration import Configuration
    from velocious.database.database import Database
    from velocious.migration.table import Table
    from velocious.testing.environment import TestEnvironment

    type Change = Callable[[Migration], Awaitable[object]]


async def migrated(configuration: Configuration, *changes: Change, bare: bool = False) -> Database:
    """The database after one migration for each of *changes*."""

    def migration(change: Change) -> type[Migration]:
        class Changes(Migration):
            disable_transaction = bare

            async def up(self) -> None:
                await change(self)

        return Changes

    await Migrator(
        configuration, provider=ListedMigrations([migration(change) for change in changes])
    ).migrate()
    return configuration.database()


def table(name: str, describe: Callable[[Table], object], **options: Any) -> Change:
    async def create(m: Migration) -> None:
        async with m.create_table(name, **options) as t:
            describe(t)

    return create


async def said(configuration: Configuration) -> str:
    return await structure_sql(configuration.database())


# Keys


async def test_a_key_may_have_another_name(environment: TestEnvironment) -> None:
    change = table("tasks", lambda t: t.string("name"), primary_key="number")
    async with environment.application() as configuration:
        database = await migrated(configuration, change)
        described = await database.table("tasks")
        assert described.primary_key == ("number",)
        key = described.column("number")
        assert key is not None
        assert key.automatic


async def test_several_columns_are_the_key_together(environment: TestEnvironment) -> None:
    def describe(t: Table) -> None:
        t.integer("project")
        t.integer("number")
        t.string("name")

    change = table("tasks", describe, primary_key=["project", "number"])
    async with environment.application() as configuration:
        database = await migrated(configuration, change)
        described = await database.table("tasks")
        assert described.primary_key == ("project", "number")
        assert [column.null for column in described.columns] == [False, False, True]
        await database.execute("INSERT INTO tasks (project, number) VALUES (1, 1), (1, 2)")
        with pytest.raises(UniqueConstraintError):
            await database.execute("INSERT INTO tasks (project, number) VALUES (1, 2)")


@pytest.mark.parametrize("kind", ["uuid", "string"])
async def test_references_have_the_type_of_the_key_they_point_at(
    environment: TestEnvironment, kind: Any
) -> None:
    async def change(m: Migration) -> None:
        async with m.create_table("users", id=kind) as t:
            t.string("name")
            t.references("boss", to_table="users")
        async with m.create_table("tasks") as t:
            t.references("user", foreign_key=True)
        await m.add_reference("tasks", "author", foreign_key="users", on_delete="set null")

    async with environment.application() as configuration:
        database = await migrated(configuration, change)
        for name, column in (("users", "boss_id"), ("tasks", "user_id"), ("tasks", "author_id")):
            found = (await database.table(name)).column(column)
            assert found is not None
            assert found.kind == kind
        assert await m_exists(configuration, "tasks", "users", "author_id")


async def m_exists(configuration: Configuration, table: str, to_table: str, column: str) -> bool:
    migration = Migration(configuration.database())
    return await migration.foreign_key_exists(table, to_table, column=column)


async def test_force_replaces_a_table(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        database = await migrated(
            configuration,
            table("tasks", lambda t: t.string("name")),
            table("tasks", lambda t: t.string("title"), force=True),
        )
        names = [column.name for column in (await database.table("tasks")).columns]
        assert names == ["id", "title"]


# Columns


async def test_an_enum_takes_its_values_only(environment: TestEnvironment) -> None:
    async def change(m: Migration) -> None:
        async with m.create_table("tasks") as t:
            t.enum("state", ["open", "it's done"], default="open", null=False)
        await m.execute("INSERT INTO tasks (state) VALUES (?)", ("it's done",))

    async def more(m: Migration) -> None:
        await m.change_enum("tasks", "state", ["open", "it's done", "late"])
        await m.execute("INSERT INTO tasks (state) VALUES ('late')")

    async with environment.application() as configuration:
        database = await migrated(configuration, change)
        with pytest.raises(CheckConstraintError):
            await database.execute("INSERT INTO tasks (state) VALUES ('late')")
        await migrated(configuration, change, more)
        with pytest.raises(CheckConstraintError):
            await database.execute("INSERT INTO tasks (state) VALUES ('never')")
        await migrated(configuration, change, more, lambda m: m.remove_column("tasks", "state"))
        assert (await database.table("tasks")).column("state") is None


@pytest.mark.parametrize("stored", [True, False])
async def test_a_generated_column_is_computed(environment: TestEnvironment, stored: bool) -> None:
    if not stored and "virtual_columns" not in environment.databases.dialect.ddl_features:
        pytest.skip(f"{environment.name} computes columns when rows are written")

    async def change(m: Migration) -> None:
        async with m.create_table("items") as t:
            t.integer("price")
            t.integer("total", generated="price * 2", stored=stored)
        await m.execute("INSERT INTO items (price) VALUES (21)")

    async def later(m: Migration) -> None:
        await m.add_column("items", "half", "integer", generated="price / 3", stored=stored)
        await m.change_column_default("items", "price", 6)

    async with environment.application() as configuration:
        database = await migrated(configuration, change, later)
        assert await database.fetch("SELECT total, half FROM items") == [(42, 7)]
        column = (await database.table("items")).column("total")
        assert column is not None
        assert column.generated


async def test_a_default_is_a_value_or_computed(environment: TestEnvironment) -> None:
    def describe(t: Table) -> None:
        t.datetime("seen_at", default=expression("CURRENT_TIMESTAMP"))
        t.integer("count", default=0)
        t.boolean("done", default=False)
        t.string("text", default="")

    async with environment.application() as configuration:
        database = await migrated(configuration, table("things", describe))
        await database.execute(f"INSERT INTO things {database.dialect.default_row}")
        (row,) = await database.fetch("SELECT seen_at, count, done, text FROM things")
        assert row[0] is not None
        assert row[1:] == (0, False, "")


async def test_lists_are_stored_where_there_are_arrays(environment: TestEnvironment) -> None:
    change = table("tasks", lambda t: t.string("tags", array=True, default=["a", "it's"]))
    async with environment.application() as configuration:
        if "arrays" not in environment.databases.dialect.ddl_features:
            with pytest.raises(MigrationError, match=r"lists of values.*t\.json"):
                await migrated(configuration, change)
            return
        database = await migrated(configuration, change)
        await database.execute(f"INSERT INTO tasks {database.dialect.default_row}")
        assert await database.fetch("SELECT tags FROM tasks") == [(["a", "it's"],)]


async def test_binary_json_is_refused_where_there_is_none(environment: TestEnvironment) -> None:
    change = table("tasks", lambda t: t.jsonb("data", default={}))
    async with environment.application() as configuration:
        if "binary_json" not in environment.databases.dialect.ddl_features:
            with pytest.raises(MigrationError, match=r"binary JSON.*Use t\.json"):
                await migrated(configuration, change)
            return
        column = (await (await migrated(configuration, change)).table("tasks")).column("data")
        assert column is not None
        assert column.declared == "jsonb"


async def test_comments_are_kept_where_the_database_has_them(environment: TestEnvironment) -> None:
    async def change(m: Migration) -> None:
        async with m.create_table("tasks", comment="What's to do") as t:
            t.string("name", comment="its 'name'")
            t.integer("position", check="position > 0")
        await m.add_column("tasks", "done", "boolean", null=False, default=False, comment="or not")

    async def later(m: Migration) -> None:
        await m.change_table_comment("tasks", "Chores")
        await m.change_column_comment("tasks", "name", "the name; of it")
        await m.change_column_comment("tasks", "position", "where")
        await m.change_column_comment("tasks", "done", None)

    async with environment.application() as configuration:
        await migrated(configuration, change)
        text = await said(configuration)
        has_comments = environment.databases.dialect.comments is not None
        assert ("What''s to do" in text) is has_comments
        assert ("its ''name''" in text) is has_comments
        assert ("or not" in text) is has_comments
        await migrated(configuration, change, later)
        text = await said(configuration)
        assert ("the name; of it" in text) is has_comments
        assert ("Chores" in text) is has_comments
        assert "or not" not in text
        with pytest.raises(CheckConstraintError):
            await configuration.database().execute("INSERT INTO tasks (position) VALUES (0)")


async def test_text_is_compared_by_its_collation(environment: TestEnvironment) -> None:
    names = {"sqlite": "NOCASE", "postgresql": "C", "mysql": "utf8mb4_general_ci"}
    name = names[environment.databases.dialect.name]
    change = table("words", lambda t: t.string("word", collation=name))
    async with environment.application() as configuration:
        await migrated(configuration, change)
        assert name in await said(configuration)


async def test_columns_are_added_and_removed_only_if_need_be(environment: TestEnvironment) -> None:
    async def change(m: Migration) -> None:
        await m.add_column("tasks", "name", "integer", if_not_exists=True)
        await m.remove_column("tasks", "nothing", if_exists=True)
        await m.add_index("tasks", "name", if_not_exists=True)
        await m.remove_index("tasks", name="nothing", if_exists=True)
        await m.remove_foreign_key("tasks", "nothings", if_exists=True)
        await m.remove_check_constraint("tasks", name="nothing", if_exists=True)
        await m.drop_view("nothing", if_exists=True)
        await m.drop_table("nothing", if_exists=True)
        await m.remove_columns("tasks", "one", "two")

    def describe(t: Table) -> None:
        t.string("name", index=True)
        t.string("one")
        t.string("two")

    async with environment.application() as configuration:
        database = await migrated(configuration, table("tasks", describe), change)
        names = [column.name for column in (await database.table("tasks")).columns]
        assert names == ["id", "name"]


# Checks and foreign keys


async def test_checks_have_names(environment: TestEnvironment) -> None:
    async def change(m: Migration) -> None:
        await m.add_check_constraint("tasks", "position < 100", name="small")
        await m.add_check_constraint("tasks", "position > 1")
        assert await m.check_constraint_exists("tasks", "small")
        await m.remove_check_constraint("tasks", "position > 1")

    async def removed(m: Migration) -> None:
        await m.remove_check_constraint("tasks", name="small")
        assert not await m.check_constraint_exists("tasks", "small")

    tasks = table("tasks", lambda t: t.integer("position"))
    async with environment.application() as configuration:
        database = await migrated(configuration, tasks, change)
        with pytest.raises(CheckConstraintError):
            await database.execute("INSERT INTO tasks (position) VALUES (100)")
        await database.execute("INSERT INTO tasks (position) VALUES (0)")
        await migrated(configuration, tasks, change, removed)
        await database.execute("INSERT INTO tasks (position) VALUES (100)")
        with pytest.raises(MigrationError, match="has no check 'smal'"):
            await migrated(
                configuration,
                tasks,
                change,
                removed,
                lambda m: m.remove_check_constraint("tasks", name="smal"),
            )


async def test_a_constraint_is_validated_later(environment: TestEnvironment) -> None:
    async def change(m: Migration) -> None:
        async with m.create_table("projects") as t:
            t.string("name")
        async with m.create_table("tasks") as t:
            t.references("project")
            t.integer("position")
        await m.add_foreign_key("tasks", "projects", name="fk_projects", validate=False)
        await m.add_check_constraint("tasks", "position > 0", name="positive", validate=False)
        await m.add_foreign_key("tasks", "projects", if_not_exists=True)

    async def validate(m: Migration) -> None:
        await m.validate_constraint("tasks", "fk_projects")
        await m.validate_constraint("tasks", "positive")

    async with environment.application() as configuration:
        database = await migrated(configuration, change, validate)
        with pytest.raises(ForeignKeyConstraintError):
            await database.execute("INSERT INTO tasks (project_id) VALUES (5)")
        with pytest.raises(CheckConstraintError):
            await database.execute("INSERT INTO tasks (position) VALUES (0)")


# Indexes and views


async def test_an_index_that_others_may_write_during_needs_no_transaction(
    environment: TestEnvironment,
) -> None:
    tasks = table("tasks", lambda t: t.string("name"))

    def add(m: Migration) -> Awaitable[object]:
        return m.add_index("tasks", "name", concurrently=True)

    async with environment.application() as configuration:
        with pytest.raises(MigrationError, match="disable_transaction = True"):
            await migrated(configuration, tasks, add)
        database = await migrated(configuration, tasks, add, bare=True)
        (index,) = (await database.table("tasks")).indexes
        assert index.name == "index_tasks_on_name"


async def test_an_index_has_a_method_where_there_are_several(environment: TestEnvironment) -> None:
    tasks = table("tasks", lambda t: t.json("data"))
    async with environment.application() as configuration:
        methods = environment.databases.dialect.index_methods
        wrong = "gin" if "gin" not in methods else "gon"
        with pytest.raises(MigrationError, match="cannot be made using"):
            await migrated(
                configuration, tasks, lambda m: m.add_index("tasks", "data", using=wrong)
            )
        if "gin" in methods:
            await migrated(
                configuration, tasks, lambda m: m.add_index("tasks", "data", using="gin")
            )
            assert "USING gin" in await said(configuration)


async def test_a_view_is_made_replaced_and_dropped(environment: TestEnvironment) -> None:
    async def change(m: Migration) -> None:
        await m.create_view("done", "SELECT id FROM tasks WHERE name = 'done'")
        await m.replace_view("done", "SELECT id FROM tasks WHERE name <> 'open'")

    tasks = table("tasks", lambda t: t.string("name"))
    async with environment.application() as configuration:
        database = await migrated(configuration, tasks, change)
        await database.execute("INSERT INTO tasks (name) VALUES ('late'), ('open')")
        assert len(await database.fetch("SELECT * FROM done")) == 1
        with pytest.raises(MigrationError, match="is a table, not a view"):
            await migrated(configuration, tasks, change, lambda m: m.drop_view("tasks"))
        await migrated(configuration, tasks, change, lambda m: m.drop_view("done"))
        assert "done" not in await database.table_names()


async def test_a_join_table_has_each_pair_once(environment: TestEnvironment) -> None:
    async def change(m: Migration) -> None:
        for name in ("users", "projects"):
            async with m.create_table(name) as t:
                t.string("name")
        async with m.create_join_table("users", "projects", foreign_key=True) as t:
            t.string("role")

    async with environment.application() as configuration:
        database = await migrated(configuration, change)
        described = await database.table("projects_users")
        assert [column.name for column in described.columns] == ["user_id", "project_id", "role"]
        assert {key.to_table for key in described.foreign_keys} == {"users", "projects"}
        assert described.primary_key == ()
        for name in ("users", "projects"):
            await database.execute(f"INSERT INTO {name} (name) VALUES ('x')")
        await database.execute("INSERT INTO projects_users (user_id, project_id) VALUES (1, 1)")
        with pytest.raises(UniqueConstraintError):
            await database.execute("INSERT INTO projects_users (user_id, project_id) VALUES (1, 1)")


# Mistakes

MISTAKES: list[tuple[Callable[[Any], Any], type[Exception], str]] = [
    (table("x", lambda t: t.enum("a", [])), MigrationError, "list of texts"),
    (table("x", lambda t: t.enum("a", "open")), MigrationError, "list of texts"),
    (table("x", lambda t: t.integer("a", generated="1", default=1)), MigrationError, "one of them"),
    (table("x", lambda t: t.integer("a", stored=True)), MigrationError, "generated="),
    (table("x", lambda t: t.string("a"), primary_key=["b"]), MigrationError, "no column 'b'"),
    (table("x", lambda t: t.string("a"), id="decimal"), MigrationError, '"bigint"'),
    (table("x", lambda t: t.string("a"), idd="uuid"), UnknownOptionError, "'id'"),
    (table("x", lambda t: t.string("a", array=True, default="b")), MigrationError, "default=[]"),
    (table("x", lambda t: t.index("a", order={"b": "desc"})), MigrationError, "asc"),
    (table("x", lambda t: t.references("y", foreign_key=True)), Exception, "ys"),
    (lambda m: m.in_batches("x", size=0), MigrationError, "from 1 on"),
    (lambda m: m.remove_check_constraint("t"), MigrationError, "name="),
    (lambda m: m.change_column("t", "a", "string", index=True), MigrationError, "index"),
    (lambda m: m.add_column("t", "b", "string", default=sql("1"), unic=True), Exception, "unique"),
    (lambda m: m.drop_table("t", name_of="x"), UnknownOptionError, "name_of"),
]


@pytest.mark.parametrize(("change", "error", "hint"), MISTAKES)
async def test_a_mistake_says_what_would_have_been_right(
    environment: TestEnvironment, change: Change, error: type[Exception], hint: str
) -> None:
    async with environment.application() as configuration:
        with pytest.raises(MigrationError) as caught:
            await migrated(configuration, table("t", lambda t: t.string("a")), change)
        assert isinstance(caught.value.__cause__, error)
        assert hint in str(caught.value)
