"""One suite, many environments: what a test asks of the place it runs in.

Law: a suite imports ``velocious`` and takes the fixture ``environment``; it never asks for an
environment's name.
What differs between places is declared as a capability: ``environment.needs("threads")``.
"""

from __future__ import annotations

import tempfile
from contextlib import asynccontextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from velocious.database.driver import Capabilities
from velocious.errors import ConfigurationError, UnknownOptionError
from velocious.testing.databases import SqliteFiles
from velocious.testing.schema_text import schema_for

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence

    from velocious.configuration import Configuration
    from velocious.environment import EnvironmentHandler
    from velocious.migration.migration import Migration
    from velocious.record.record import Record
    from velocious.testing.databases import TestDatabases

type Schema = str | Sequence[type[Migration]] | Callable[[Configuration], Awaitable[object]]

#: What a place may or may not offer, besides the flags of its database (``Capabilities``).
ABILITIES = frozenset(
    {
        *("threads", "processes", "sockets", "password_hashing", "time_budget", "symlinks"),
        # The place's database is an SQLite file.
        "sqlite_files",
    }
)

_DATABASE_FLAGS = frozenset(field.name for field in fields(Capabilities) if field.type == "bool")
_offered: dict[str, Callable[[], TestEnvironment]] = {}


def offer(name: str, make: Callable[[], TestEnvironment]) -> None:
    """Say that tests can run in the environment called *name*, made by *make*."""
    _offered[name] = make


def offered() -> list[str]:
    """The names of the environments tests can run in here."""
    return sorted(_offered)


def environment_called(name: str) -> TestEnvironment:
    """A new environment. Raises ConfigurationError where nobody offers one of that name."""
    if name not in _offered:
        raise ConfigurationError(
            f"No test environment {name!r} is offered here, only {offered()!r}. "
            "Call velocious.testing.environment.offer(name, make) in conftest.py."
        )
    return _offered[name]()


class TestEnvironment:
    """A place to run tests in: a handler, a scratch directory, and what the place can do.

    Attributes:
        name: for reports only (``"node-sqlite"``, ``"browser"``).
        abilities: those of :data:`ABILITIES` that this place has.
        databases: where tests get their databases from; SQLite files, if nothing else is given.
    """

    __test__ = False

    def __init__(
        self,
        name: str,
        make_handler: Callable[[], EnvironmentHandler],
        *,
        abilities: Iterable[str] = (),
        databases: TestDatabases | None = None,
        scratch: str | None = None,
    ) -> None:
        self.name = name
        self.abilities = frozenset(abilities)
        self.databases = databases or SqliteFiles()
        self._make_handler = make_handler
        self._scratch = scratch

    @property
    def capabilities(self) -> Capabilities:
        """What the databases of this place can do."""
        return self.databases.capabilities

    def handler(self) -> EnvironmentHandler:
        """A new environment handler, as an application would pass it to Configuration."""
        return self._make_handler()

    def can(self, capability: str) -> bool:
        """Whether it has *capability*: one of ABILITIES, or a flag of the database."""
        if capability in _DATABASE_FLAGS:
            return bool(getattr(self.capabilities, capability))
        if capability not in ABILITIES:
            raise UnknownOptionError("A test environment", capability, ABILITIES | _DATABASE_FLAGS)
        return capability in self.abilities

    def needs(self, *capabilities: str) -> None:
        """Skip the test where the place lacks one of *capabilities*, saying which."""
        for capability in capabilities:
            if not self.can(capability):
                pytest.skip(f"{self.name} has no {capability}")

    @asynccontextmanager
    async def directory(self) -> AsyncGenerator[str]:
        """A new, empty directory on the place's real storage; removed afterwards."""
        with tempfile.TemporaryDirectory(prefix="velocious-test-", dir=self._scratch) as directory:
            yield directory

    @asynccontextmanager
    async def application(
        self,
        *,
        models: Iterable[type[Record]] = (),
        schema: Schema | None = None,
        **options: Any,
    ) -> AsyncGenerator[Configuration]:
        """An opened configuration on a fresh database, removed afterwards.

        Example::

            async with environment.application(models=[Task], schema=create_tasks):
                await Task.create(name="Write docs")

        *schema* is SQL text (see ``schema_text.py``), migration classes, or
        ``async (configuration)``. It is applied before the models are
        read, as `velocious db:migrate` would before a server starts. *options* go to Configuration;
        files of the
        configuration are below the scratch directory.
        """
        text = schema if isinstance(schema, str) else None
        async with self.directory() as directory, self.databases.fresh(directory, text) as url:
            settings = {"environment": "test", "databases": {"default": url}, **options}
            if schema is not None and not self.databases.has_tables(url):
                async with self._configuration(**settings) as preparing:
                    await apply_schema(preparing, schema)
            async with self._configuration(models=models, **settings) as configuration:
                yield configuration

    @asynccontextmanager
    async def client(self, **options: Any) -> AsyncGenerator[Configuration]:
        """An opened configuration without a database of its own, beside that of a server: the
        current one while the block runs.
        """
        async with self._configuration(**{"environment": "test", **options}) as configuration:
            yield configuration

    async def apply_schema(self, configuration: Configuration, schema: Schema) -> None:
        """Bring the default database of *configuration* to *schema*."""
        await apply_schema(configuration, schema)

    def _configuration(self, **options: Any) -> Configuration:
        from velocious.configuration import Configuration

        return Configuration(environment_handler=self.handler(), **options)


async def apply_schema(configuration: Configuration, schema: Schema) -> None:
    """Bring the default database of *configuration* to *schema*."""
    if isinstance(schema, str):
        database = configuration.database()
        await database.execute_script(schema_for(database.dialect, schema))
    elif callable(schema):
        await schema(configuration)
    else:
        await _migrate(configuration, schema)


async def _migrate(configuration: Configuration, migrations: Sequence[type[Migration]]) -> None:
    from velocious.migration import Migrator
    from velocious.testing.migrations import ListedMigrations

    await Migrator(configuration, provider=ListedMigrations(migrations)).migrate()
