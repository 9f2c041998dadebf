"""Replicas: read instead of the database they copy, unless it matters."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from velocious.configuration import Configuration
from velocious.errors import ConfigurationError
from velocious.record import Record, validates

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

SCHEMA = "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name VARCHAR(255))"


class Note(Record):
    name: Attribute[str]
    validations = [validates("name", uniqueness=True)]


async def make_copy(environment: TestEnvironment, url: str, *names: str) -> None:
    """A database file that holds notes of *names*, as a replica that was copied would."""
    async with Configuration(
        environment_handler=environment.handler(), environment="test", databases={"default": url}
    ) as one:
        await one.database().execute_script(SCHEMA)
        for name in names:
            await one.database().execute("INSERT INTO notes (name) VALUES (?)", (name,))


@asynccontextmanager
async def replicated(
    environment: TestEnvironment, copies: Sequence[str] = ("one", "two"), **options: Any
) -> AsyncGenerator[Configuration]:
    """A primary with a note "primary", and replicas with a note of their own name each; one whose
    name is "missing" does not exist.
    """
    environment.needs("sqlite_files")
    async with environment.directory() as directory:
        urls = {name: f"sqlite:///{directory}/{name}.sqlite3" for name in ("primary", *copies)}
        for name, url in urls.items():
            if name != "missing":
                await make_copy(environment, url, name)
        settings = {"url": urls.pop("primary"), "replicas": list(urls.values()), **options}
        async with Configuration(
            environment_handler=environment.handler(),
            environment="test",
            databases={"default": settings},
            models=[Note],
        ) as configuration:
            yield configuration


async def name_read() -> str:
    return (await Note.find(1)).name


async def test_reads_go_to_the_replicas_in_turn(environment: TestEnvironment) -> None:
    async with replicated(environment):
        found = [await name_read() for _ in range(4)]
        assert sorted(found) == ["one", "one", "two", "two"]
        assert found[0] != found[1]


async def test_a_task_that_wrote_reads_from_the_primary(environment: TestEnvironment) -> None:
    async with replicated(environment):
        await Note.create(name="new")
        assert [await name_read() for _ in range(3)] == ["primary"] * 3
        assert await Note.count() == 2


async def test_only_for_a_while(environment: TestEnvironment) -> None:
    async with replicated(environment, stickiness=0.05):
        await Note.create(name="new")
        assert await name_read() == "primary"
        await asyncio.sleep(0.06)
        assert await name_read() in ("one", "two")


async def test_a_task_that_rolled_back_still_reads_from_the_primary(
    environment: TestEnvironment,
) -> None:
    async with replicated(environment):
        with pytest.raises(LookupError):
            async with Note.transaction():
                raise LookupError
        assert await name_read() == "primary"


async def test_what_one_task_wrote_does_not_bind_others(environment: TestEnvironment) -> None:
    async with replicated(environment):

        async def write() -> None:
            await Note.create(name="new")

        await asyncio.create_task(write())
        assert await name_read() in ("one", "two")
        await Note.create(name="newer")
        assert await asyncio.create_task(name_read()) == "primary"


async def test_a_transaction_reads_what_it_is_in(environment: TestEnvironment) -> None:
    async with replicated(environment):
        async with Note.transaction():
            assert await name_read() == "primary"


async def test_a_block_can_ask_for_the_primary(environment: TestEnvironment) -> None:
    async with replicated(environment) as configuration:
        with configuration.using_primary():
            assert await name_read() == "primary"
            assert await asyncio.create_task(name_read()) == "primary"
        assert await name_read() in ("one", "two")


async def test_blocks_of_connections_read_from_replicas_too(environment: TestEnvironment) -> None:
    async with replicated(environment) as configuration:
        async with configuration.ensure_connections():
            assert await name_read() in ("one", "two")
            await Note.create(name="new")
            assert await name_read() == "primary"


async def test_a_replica_that_cannot_be_opened_is_left_out(
    environment: TestEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    async with replicated(environment, ("missing", "one")):
        assert [await name_read() for _ in range(4)] == ["one"] * 4
    warnings = [one for one in caplog.messages if "is not read for" in one]
    assert len(warnings) == 1
    assert "'default (replica 1)'" in warnings[0]


async def test_without_any_replica_the_primary_answers(environment: TestEnvironment) -> None:
    async with replicated(environment, ("missing",)):
        assert [await name_read() for _ in range(3)] == ["primary"] * 3


async def test_a_value_is_unique_on_the_primary(environment: TestEnvironment) -> None:
    async with replicated(environment):
        note = Note(name="primary")
        assert not await note.is_valid()
        assert await Note(name="one").is_valid()


async def test_a_replica_is_of_the_same_kind(environment: TestEnvironment) -> None:
    databases = {"default": {"url": "sqlite:///a.sqlite3", "replicas": ["postgresql:///a"]}}
    with pytest.raises(ConfigurationError, match="a replica of it is postgresql"):
        Configuration(environment_handler=environment.handler(), databases=databases)


async def test_what_is_no_list_of_urls_is_refused_without_showing_it(
    environment: TestEnvironment,
) -> None:
    for wrong in ("postgresql://ann:s3cret@host/a", [{"url": "postgresql://ann:s3cret@host/a"}]):
        databases: Any = {"default": {"url": "sqlite:///a.sqlite3", "replicas": wrong}}
        with pytest.raises(ConfigurationError, match="a list of URLs") as raised:
            Configuration(environment_handler=environment.handler(), databases=databases)
        assert "s3cret" not in str(raised.value)
