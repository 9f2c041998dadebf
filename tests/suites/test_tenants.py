"""Tenants: each with a database of its own, and none ever in the database of another."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from velocious import Current
from velocious.configuration import Configuration
from velocious.errors import (
    ConfigurationError,
    RecordNotFoundError,
    TenantError,
    TenantSchemaError,
    UnknownOptionError,
)
from velocious.migration import Migration, Migrator
from velocious.record import Record, belongs_to, has_many
from velocious.testing.migrations import ListedMigrations

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment


class CreateNotes(Migration):
    async def up(self) -> None:
        async with self.create_table("notebooks") as t:
            t.string("name")
        async with self.create_table("notes") as t:
            t.references("notebook")
            t.string("name", null=False)


class Notebook(Record):
    name: Attribute[str]
    notes = has_many("Note")


class Note(Record):
    id: Attribute[int]
    name: Attribute[str]
    notebook = belongs_to("Notebook")


class Place:
    """A directory with a file for each tenant, and the configuration that finds them."""

    def __init__(self, environment: TestEnvironment, directory: str) -> None:
        self.environment = environment
        self.directory = directory
        self.asked: list[tuple[str, Any]] = []

    def url(self, name: str) -> str:
        return f"sqlite:///{self.directory}/{name}.sqlite3"

    def resolve(self, *, identifier: str, settings: dict[str, Any], tenant: Any) -> str | None:
        self.asked.append((identifier, tenant))
        return self.url(f"tenant-{tenant}") if identifier == "default" else None

    def configuration(self, **options: Any) -> Configuration:
        given: dict[str, Any] = {
            "environment": "test",
            "databases": {"default": self.url("main"), "shared": self.url("shared")},
            "models": [Notebook, Note],
            "tenant_database_resolver": self.resolve,
            **options,
        }
        return Configuration(environment_handler=self.environment.handler(), **given)


async def migrate(configuration: Configuration, *tenants: Any) -> None:
    for tenant in tenants:
        async with configuration.run_with_tenant(tenant):
            await Migrator(configuration, provider=ListedMigrations([CreateNotes])).migrate()


@asynccontextmanager
async def place(environment: TestEnvironment) -> AsyncGenerator[Place]:
    environment.needs("sqlite_files")
    async with environment.directory() as directory:
        yield Place(environment, directory)


@asynccontextmanager
async def tenants(
    environment: TestEnvironment, *names: Any, **options: Any
) -> AsyncGenerator[Configuration]:
    """A configuration whose tenants *names* have their tables."""
    async with place(environment) as found, found.configuration(**options) as configuration:
        await migrate(configuration, *names)
        yield configuration


async def names_of(configuration: Configuration, tenant: Any) -> list[str]:
    async with configuration.run_with_tenant(tenant):
        return await Note.order("id").pluck("name")


# Blocks


async def test_each_tenant_has_rows_of_its_own(environment: TestEnvironment) -> None:
    async with tenants(environment, "acme", "blue") as configuration:
        async with configuration.run_with_tenant("acme"):
            note = await Note.create(name="of acme")
            notebook = await Notebook.create(name="book")
            await notebook.notes.create(name="in the book")
        async with configuration.run_with_tenant("blue"):
            assert await Note.count() == 0
            with pytest.raises(RecordNotFoundError):
                await Note.find(note.id)
            await Note.create(name="of blue")
        assert await names_of(configuration, "acme") == ["of acme", "in the book"]
        assert await names_of(configuration, "blue") == ["of blue"]


async def test_the_tenant_is_current_inside_the_block_only(environment: TestEnvironment) -> None:
    async with tenants(environment) as configuration:
        assert Current.tenant() is None
        assert Current.configuration() is configuration
        async with configuration.run_with_tenant("acme") as tenant:
            assert tenant == Current.tenant() == "acme"
            async with configuration.run_with_tenant("blue"):
                assert Current.tenant() == "blue"
                async with configuration.run_with_tenant(None):
                    assert Current.tenant() is None
            assert Current.tenant() == "acme"
        assert Current.tenant() is None


async def test_blocks_nest(environment: TestEnvironment) -> None:
    async with tenants(environment, "acme", "blue") as configuration:
        async with configuration.run_with_tenant("acme"):
            await Note.create(name="1")
            async with configuration.run_with_tenant("blue"):
                await Note.create(name="2")
            await Note.create(name="3")
        assert await names_of(configuration, "acme") == ["1", "3"]
        assert await names_of(configuration, "blue") == ["2"]


async def test_without_a_tenant_the_database_is_the_configured_one(
    environment: TestEnvironment,
) -> None:
    async with tenants(environment, None, "acme") as configuration:
        await Note.create(name="main")
        async with configuration.run_with_tenant("acme"):
            assert await Note.count() == 0
            async with configuration.run_with_tenant(None):
                assert await Note.pluck("name") == ["main"]


async def test_an_error_leaves_the_tenant(environment: TestEnvironment) -> None:
    async with tenants(environment, "acme") as configuration:
        with pytest.raises(LookupError):
            async with configuration.run_with_tenant("acme"):
                raise LookupError
        assert Current.tenant() is None


async def test_transactions_stay_with_their_tenant(environment: TestEnvironment) -> None:
    async with tenants(environment, "acme", "blue") as configuration:
        async with configuration.run_with_tenant("acme"):
            with pytest.raises(LookupError):
                async with Note.transaction():
                    await Note.create(name="gone")
                    async with configuration.run_with_tenant("blue"):
                        assert configuration.database().current_transaction() is None
                        await Note.create(name="stays")
                    assert configuration.database().current_transaction() is not None
                    raise LookupError
        assert await names_of(configuration, "acme") == []
        assert await names_of(configuration, "blue") == ["stays"]


async def test_blocks_of_connections_and_locks_follow_the_tenant(
    environment: TestEnvironment,
) -> None:
    async with tenants(environment, "acme", "blue") as configuration:
        async with configuration.ensure_connections():
            async with configuration.run_with_tenant("acme"):
                async with Note.with_advisory_lock("import"):
                    await Note.create(name="1")
                    async with configuration.run_with_tenant("blue"):
                        async with Note.with_advisory_lock_or_fail("import"):
                            await Note.create(name="2")
        assert await names_of(configuration, "acme") == ["1"]
        assert await names_of(configuration, "blue") == ["2"]


# Tasks


async def test_child_tasks_work_for_the_tenant_they_were_started_for(
    environment: TestEnvironment,
) -> None:
    async with tenants(environment, "acme") as configuration:
        async with configuration.run_with_tenant("acme"), asyncio.TaskGroup() as group:
            for number in range(5):
                group.create_task(Note.create(name=f"note {number}"))
        assert len(await names_of(configuration, "acme")) == 5


async def test_a_task_that_outlives_its_block_reaches_no_database(
    environment: TestEnvironment,
) -> None:
    async with tenants(environment, "acme", None) as configuration:
        ended = asyncio.Event()

        async def late() -> None:
            await ended.wait()
            await Note.create(name="late")

        async with configuration.run_with_tenant("acme"):
            task = asyncio.create_task(late())
        ended.set()
        with pytest.raises(TenantError, match="has ended"):
            await task
        assert await names_of(configuration, "acme") == []
        assert await Note.count() == 0


@pytest.mark.parametrize("seed", range(3))
async def test_many_tasks_of_many_tenants_never_see_each_other(
    environment: TestEnvironment, seed: int
) -> None:
    """Whatever is interleaved, each tenant ends up with exactly what was written for it."""
    chance = random.Random(seed)
    names = [f"t{number}" for number in range(6)]
    expected: dict[str, list[str]] = {name: [] for name in names}

    async def work(configuration: Configuration, number: int, plan: list[tuple[str, int]]) -> None:
        for step, (tenant, kind) in enumerate(plan):
            text = f"{tenant} {number} {step}"
            async with configuration.run_with_tenant(tenant):
                if kind == 0:
                    await Note.create(name=text)
                    expected[tenant].append(text)
                elif kind == 1:
                    async with Note.transaction():
                        await Note.create(name=text)
                        await asyncio.sleep(0)
                        expected[tenant].append(text)
                elif kind == 2:
                    with pytest.raises(LookupError):
                        async with Note.transaction():
                            await Note.create(name="gone")
                            raise LookupError
                else:
                    found = await Note.pluck("name")
                    assert all(name.startswith(f"{tenant} ") for name in found)
                assert Current.tenant() == tenant
            assert Current.tenant() is None

    async with tenants(environment, *names, tenant_limit=3) as configuration:
        plans = [
            [(chance.choice(names), chance.randrange(4)) for _ in range(12)] for _ in range(25)
        ]
        async with asyncio.TaskGroup() as group:
            for number, plan in enumerate(plans):
                group.create_task(work(configuration, number, plan))
        for name in names:
            assert sorted(await names_of(configuration, name)) == sorted(expected[name])


# Schema


async def test_tables_are_read_once_for_all_tenants(environment: TestEnvironment) -> None:
    async with tenants(environment, "acme", "blue") as configuration:
        async with configuration.run_with_tenant("acme"):
            await Note.load_schema()
            schema = Note._definition.schema
            assert schema is not None
        async with configuration.run_with_tenant("blue"):
            await Note.create(name="x")
            assert Note._definition.schema is schema


async def test_a_tenant_without_the_tables_is_told_what_is_missing(
    environment: TestEnvironment,
) -> None:
    async with tenants(environment, "acme") as configuration:
        await names_of(configuration, "acme")
        with pytest.raises(TenantSchemaError, match="it has no table 'notes'") as raised:
            await names_of(configuration, "new")
        assert "tenant-new.sqlite3" in str(raised.value)
        async with configuration.run_with_tenant("new"):
            with pytest.raises(TenantSchemaError, match="migrate"):
                await Note.create(name="x")
        await migrate(configuration, "new")
        assert await names_of(configuration, "new") == []


async def test_a_tenant_whose_tables_differ_is_told_how(environment: TestEnvironment) -> None:
    async with tenants(environment, "acme", "old") as configuration:
        async with configuration.run_with_tenant("old"):
            database = configuration.database()
            await database.execute("DROP INDEX index_notes_on_notebook_id")
            await database.execute("ALTER TABLE notes DROP COLUMN notebook_id")
            await database.execute("ALTER TABLE notes RENAME COLUMN name TO title")
        await names_of(configuration, "acme")
        async with configuration.run_with_tenant("old"):
            with pytest.raises(TenantSchemaError) as raised:
                await Note.create(name="x")
        assert raised.value.differences == [
            "'notes' has no column 'notebook_id'",
            "'notes' has no column 'name'",
            "'notes' has a column 'title' that must be given",
        ]


async def test_errors_that_are_no_matter_of_the_schema_stay_as_they_are(
    environment: TestEnvironment,
) -> None:
    async with tenants(environment, "acme") as configuration:
        async with configuration.run_with_tenant("acme"):
            await Note.load_schema()
            with pytest.raises(Exception, match="no such column: nope") as raised:
                await Note.where("nope = 1").to_list()
            assert not isinstance(raised.value, TenantSchemaError)


# Databases for tenants only


async def test_a_database_for_tenants_only_refuses_everybody_else(
    environment: TestEnvironment,
) -> None:
    async with place(environment) as found:

        def resolve(*, identifier: str, settings: dict[str, Any], tenant: Any) -> str | None:
            return found.url(tenant) if identifier == "default" and tenant != "none" else None

        databases = {
            "default": {"url": found.url("template"), "tenants_only": True},
            "shared": {"url": found.url("shared"), "migrations": False},
        }
        async with found.configuration(
            databases=databases, tenant_database_resolver=resolve
        ) as configuration:
            await migrate(configuration, "acme")
            async with configuration.run_with_tenant("acme"):
                await Note.create(name="x")
                async with configuration.run_with_tenant(None):
                    with pytest.raises(TenantError, match="for tenants only"):
                        await Note.create(name="leaked")
            async with configuration.run_with_tenant("none"):
                with pytest.raises(TenantError, match="'default'"):
                    await Note.count()
            with pytest.raises(TenantError):
                async with Note.transaction():
                    raise AssertionError
            # What concerns all databases leaves this one out.
            assert await Migrator(configuration, provider=ListedMigrations([])).migrate() == []
            await configuration.ensure_global_connections()
            async with configuration.ensure_connections() as opened:
                assert await opened["shared"].fetch("SELECT 1") == [(1,)]
            assert await names_of(configuration, "acme") == ["x"]


# What the resolver answers


async def test_the_resolver_may_be_async_and_change_single_settings(
    environment: TestEnvironment,
) -> None:
    async with place(environment) as found:
        copy = found.url("copy")

        async def resolve(*, identifier: str, settings: dict[str, Any], tenant: Any) -> Any:
            await asyncio.sleep(0)
            if identifier == "default":
                assert settings == {"url": found.url("main"), "replicas": [copy]}
                return {"url": found.url(tenant), "busy_timeout": 1.0}
            return None

        databases = {"default": {"url": found.url("main"), "replicas": [copy]}}
        async with found.configuration(
            databases=databases, tenant_database_resolver=resolve
        ) as configuration:
            await migrate(configuration, "acme")
            async with configuration.run_with_tenant("acme"):
                await Note.create(name="x")
                assert (await Note.find(1)).name == "x"
            # The replicas of the shared database have nothing of this tenant.
            async with configuration.run_with_tenant("acme"):
                assert await asyncio.create_task(count_notes()) == 1


async def count_notes() -> int:
    return await Note.count()


async def test_databases_that_the_resolver_leaves_alone_are_shared(
    environment: TestEnvironment,
) -> None:
    async with tenants(environment, "acme", "blue") as configuration:
        shared = configuration.database("shared")
        await shared.execute("CREATE TABLE counters (id INTEGER)")
        for tenant in ("acme", "blue"):
            async with configuration.run_with_tenant(tenant):
                await shared.execute("INSERT INTO counters VALUES (1)")
        assert await shared.fetch("SELECT count(*) FROM counters") == [(2,)]


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        (5, ConfigurationError, "returned a int"),
        ({"usl": "x"}, UnknownOptionError, "Did you mean 'url'"),
        ("nonsense", ConfigurationError, "scheme is unknown"),
    ],
)
async def test_a_useless_answer_of_the_resolver_is_an_error(
    environment: TestEnvironment, answer: Any, error: type[Exception], message: str
) -> None:
    async with place(environment) as found:

        def resolve(**_: Any) -> Any:
            return answer

        async with found.configuration(tenant_database_resolver=resolve) as configuration:
            with pytest.raises(error, match=message):
                async with configuration.run_with_tenant("acme"):
                    raise AssertionError
            assert Current.tenant() is None


async def test_the_resolver_is_asked_once_for_each_block(environment: TestEnvironment) -> None:
    async with place(environment) as found, found.configuration() as configuration:
        await migrate(configuration, "acme")
        found.asked.clear()
        async with configuration.run_with_tenant("acme"):
            await Note.create(name="1")
            await Note.count()
        assert found.asked == [("default", "acme"), ("shared", "acme")]


# Models that switch


async def test_a_model_can_switch_to_another_database_for_tenants(
    environment: TestEnvironment,
) -> None:
    class Switching(Record):
        table_name = "notes"
        name: Attribute[str]

    Switching.switches_tenant_database("tenant")

    async with place(environment) as found:

        def resolve(*, identifier: str, settings: dict[str, Any], tenant: Any) -> str | None:
            return found.url(tenant) if identifier == "tenant" else None

        databases = {"default": found.url("main"), "tenant": found.url("template")}
        async with found.configuration(
            databases=databases, tenant_database_resolver=resolve, models=[Switching]
        ) as configuration:
            table = "CREATE TABLE notes (id INTEGER PRIMARY KEY, name TEXT)"
            await configuration.database().execute(table)
            for tenant in ("acme", "blue"):
                async with configuration.run_with_tenant(tenant):
                    await configuration.database("tenant").execute(table)
                    await Switching.create(name=tenant)
            await Switching.create(name="main")
            assert await Switching.pluck("name") == ["main"]
            for tenant in ("acme", "blue"):
                async with configuration.run_with_tenant(tenant):
                    assert await Switching.pluck("name") == [tenant]
                    assert await configuration.database().fetch("SELECT name FROM notes") == [
                        ("main",)
                    ]


async def test_a_model_can_choose_the_database_by_the_tenant(environment: TestEnvironment) -> None:
    class Choosing(Record):
        table_name = "notes"
        name: Attribute[str]

    Choosing.switches_tenant_database(lambda tenant: tenant["database"])

    async with place(environment) as found:
        databases = {name: found.url(name) for name in ("default", "east", "west")}
        async with found.configuration(
            databases=databases, tenant_database_resolver=None, models=[Choosing]
        ) as configuration:
            for database in configuration.databases.values():
                await database.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, name TEXT)")
            for name in ("east", "west", None):
                async with configuration.run_with_tenant({"database": name}):
                    await Choosing.create(name=str(name))
            assert await Choosing.pluck("name") == ["None"]
            for name in ("east", "west"):
                rows = await configuration.database(name).fetch("SELECT name FROM notes")
                assert rows == [(name,)]
            async with configuration.run_with_tenant({"database": "north"}):
                with pytest.raises(ConfigurationError, match="no database 'north'"):
                    await Choosing.count()


async def test_a_changed_table_is_read_again_by_models_that_switch(
    environment: TestEnvironment,
) -> None:
    async with tenants(environment, "acme") as configuration:
        async with configuration.run_with_tenant("acme"):
            await Note.create(name="x")
            database = configuration.database()
            await database.execute("ALTER TABLE notes ADD COLUMN colour TEXT")
            database.forget_schema()
            note = await Note.create(name="y", colour="red")
            assert (await Note.find(note.id)).read("colour") == "red"


async def test_tenants_with_several_databases_do_not_block_each_other(
    environment: TestEnvironment,
) -> None:
    async with place(environment) as found:

        def resolve(*, identifier: str, settings: dict[str, Any], tenant: Any) -> str:
            return found.url(f"{identifier}-{tenant}")

        async with found.configuration(
            tenant_database_resolver=resolve, tenant_limit=3
        ) as configuration:

            async def work(tenant: int) -> None:
                async with configuration.run_with_tenant(tenant):
                    for name in ("default", "shared"):
                        assert await configuration.database(name).fetch("SELECT 1") == [(1,)]

            async with asyncio.timeout(8):
                await asyncio.gather(*map(work, range(12)))


async def test_a_tenant_with_more_databases_than_may_be_open_is_told_so(
    environment: TestEnvironment,
) -> None:
    async with place(environment) as found:

        def resolve(*, identifier: str, settings: dict[str, Any], tenant: Any) -> str:
            return found.url(f"{identifier}-{tenant}")

        async with found.configuration(
            tenant_database_resolver=resolve, tenant_limit=1
        ) as configuration:
            with pytest.raises(ConfigurationError, match="has 2 databases of its own"):
                async with configuration.run_with_tenant("acme"):
                    raise AssertionError


async def test_a_configuration_may_close_inside_a_block(environment: TestEnvironment) -> None:
    async with place(environment) as found:
        configuration = found.configuration()
        await configuration.initialize()
        async with configuration.run_with_tenant("acme"):
            await configuration.database().fetch("SELECT 1")
            await configuration.close()
        assert Current.tenant() is None


async def test_a_tenant_on_another_kind_of_database_is_refused(
    environment: TestEnvironment,
) -> None:
    async with place(environment) as found:
        environment.needs("sockets")

        def resolve(**_: Any) -> str:
            return "postgresql:///acme"

        async with found.configuration(tenant_database_resolver=resolve) as configuration:
            with pytest.raises(ConfigurationError, match="cannot stand in for 'default'"):
                async with configuration.run_with_tenant("acme"):
                    raise AssertionError


async def test_a_limit_below_one_is_refused(environment: TestEnvironment) -> None:
    with pytest.raises(ConfigurationError, match="tenant_limit=0"):
        Configuration(environment_handler=environment.handler(), tenant_limit=0)
