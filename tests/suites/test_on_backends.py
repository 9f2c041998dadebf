"""The suites of queries and records once more, on records that a backend keeps: over HTTP, and over
a websocket.

Law: a test runs as it is written. Those about statements of SQL stay with databases; one that asks
for what only a database can do is refused, and skipped with the words of the refusal.
"""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.homes import backend_application, served
from velocious import current
from velocious.errors import NotRemoteError
from velocious.record.querying import Querying

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment

MODULES = (
    "test_changes",
    "test_cohorts",
    "test_conditions",
    "test_dirty_tracking",
    "test_exact_conditions",
    "test_finding_or_making",
    "test_joins",
    "test_nested_attributes",
    "test_ordering",
    "test_pages_and_batches",
    "test_preloading",
    "test_queries",
    "test_queries_as_data",
    "test_records",
    "test_relationships",
    "test_relationships_saving",
    "test_scopes",
    "test_search",
    "test_selecting",
    "test_subqueries",
)
#: Words of tests that are about databases.
_OF_DATABASES = ("recorded_statements", "raw(", "transaction()", "to_sql", ".execute(", ".fetch(")


def _tests() -> list[Any]:
    found: list[Any] = []
    for name in MODULES:
        module = import_module(f"tests.suites.{name}")
        for test, function in vars(module).items():
            if not test.startswith("test_") or not inspect.iscoroutinefunction(function):
                continue
            if [*inspect.signature(function).parameters] != ["tracker"]:
                continue
            source = inspect.getsource(function)
            if not any(word in source for word in _OF_DATABASES):
                found.append(pytest.param(function, id=f"{name[5:]}-{test[5:]}"))
    return found


@pytest.fixture(params=["http", "websocket"])
async def far(
    request: pytest.FixtureRequest,
    sqlite_environment: TestEnvironment,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Configuration]:
    """The application of the suites, whose rows a backend keeps."""
    async with backend_application(sqlite_environment, websocket=request.param == "websocket") as (
        client,
        _,
        road,
    ):
        kept: Any = vars(Querying)["insert_multiple"].__func__

        async def insert(cls: Any, columns: Any, rows: Any, **more: Any) -> Any:
            # Rows that are there before a test begins are put where they are kept.
            with current.use(road.server):
                return await kept(getattr(served, cls.__name__), columns, rows, **more)

        monkeypatch.setattr(Querying, "insert_multiple", classmethod(insert))
        yield client


@pytest.mark.parametrize("test", _tests())
async def test_as_on_a_database(far: Configuration, test: Any) -> None:
    try:
        await test(far)
    except NotRemoteError as refused:
        pytest.skip(str(refused))
