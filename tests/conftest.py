"""The fixture that every suite takes: the place it runs in.

A server process offers ``node-sqlite`` and one place for each database server itself; the worker of
a browser has offered ``browser`` before pytest starts.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from velocious.testing.environment import TestEnvironment, environment_called, offer, offered

if TYPE_CHECKING:
    from velocious.environment import EnvironmentHandler
    from velocious.testing.databases import TestDatabases

SERVER_ABILITIES = (
    "threads",
    "processes",
    "sockets",
    "password_hashing",
    "time_budget",
    "symlinks",
)
#: Variable of the environment → where a server is looked for without it.
SERVERS = {
    "VELOCIOUS_TEST_POSTGRESQL": "postgresql://postgres@127.0.0.1:5432",
    "VELOCIOUS_TEST_MYSQL": "mysql://root@127.0.0.1:3306",
}


def _node_handler() -> EnvironmentHandler:
    from velocious_node import NodeEnvironmentHandler
    from velocious_node.settings import PasswordSettings

    cheap = PasswordSettings(memory=8, iterations=1, parallelism=1)
    return NodeEnvironmentHandler(passwords=cheap)


def _node_sqlite() -> TestEnvironment:
    abilities = (*SERVER_ABILITIES, "sqlite_files")
    return TestEnvironment("node-sqlite", _node_handler, abilities=abilities)


@cache
def _postgresql() -> TestDatabases:
    from velocious_node.testing.postgresql import PostgresqlSchemas

    return PostgresqlSchemas(_server("VELOCIOUS_TEST_POSTGRESQL", "PostgreSQL", 5432))


def _node_postgresql() -> TestEnvironment:
    return TestEnvironment(
        "node-postgresql", _node_handler, abilities=SERVER_ABILITIES, databases=_postgresql()
    )


@cache
def _mariadb() -> TestDatabases:
    from velocious_node.testing.mysql import MysqlDatabases

    return MysqlDatabases(_server("VELOCIOUS_TEST_MYSQL", "MariaDB or MySQL", 3306))


def _node_mariadb() -> TestEnvironment:
    return TestEnvironment(
        "node-mariadb", _node_handler, abilities=SERVER_ABILITIES, databases=_mariadb()
    )


def _server(variable: str, name: str, port: int) -> str:
    """The URL of a server that runs. Without one: a skip, or a failure on continuous
    integration, which must not stay green because nothing was tested.
    """
    from velocious_node.testing.postgresql import is_listening

    url = os.environ.get(variable) or SERVERS[variable]
    if not is_listening(url, port):
        report = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        report(f"no {name} server at {urlsplit(url).hostname}; start one or set {variable}")
    return url


ON_SERVERS = {"node-postgresql": _node_postgresql, "node-mariadb": _node_mariadb}

if not offered():
    offer("node-sqlite", _node_sqlite)
    for name, make in ON_SERVERS.items():
        offer(name, make)


@pytest.fixture(params=offered())
def environment(request: pytest.FixtureRequest) -> TestEnvironment:
    """The place the test runs in; once for each that is offered."""
    return environment_called(request.param)


@pytest.fixture(params=[name for name in offered() if name not in ON_SERVERS])
def sqlite_environment(request: pytest.FixtureRequest) -> TestEnvironment:
    """The places whose database is an SQLite file: for what only those have."""
    return environment_called(request.param)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Drills take minutes: they run when they are asked for, with ``-m drill``."""
    if "drill" in str(config.getoption("-m")):
        return
    drills = [item for item in items if item.get_closest_marker("drill") is not None]
    items[:] = [item for item in items if item not in drills]
    config.hook.pytest_deselected(items=drills)
