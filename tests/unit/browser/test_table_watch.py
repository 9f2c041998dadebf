"""What a development page costs beside its own statements: nothing, while no table changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.browser._host import RecordedHost
from velocious.configuration import Configuration
from velocious.migration.watching import TableWatch
from velocious.record import Record
from velocious_browser.handler import BrowserEnvironmentHandler
from velocious_browser.interop import Host

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from velocious.database.heard import Heard


class Post(Record):
    pass


@pytest.fixture
async def configuration(tmp_path: Path) -> AsyncIterator[Configuration]:
    made = Configuration(
        environment_handler=BrowserEnvironmentHandler(str(tmp_path), Host(RecordedHost())),
        environment="development",
        databases={"default": "sqlite:///db.sqlite3"},
        models=[Post],
    )
    async with made:
        yield made


async def test_a_tab_asks_its_database_nothing_while_it_hears_of_no_change(
    configuration: Configuration,
) -> None:
    watch = TableWatch(configuration)
    await watch.look()
    heard: list[Heard] = []
    configuration.database().hear_statements(heard.append)
    await watch.look()
    assert heard == []


async def test_a_tab_reads_its_tables_again_when_they_have_changed(
    configuration: Configuration,
) -> None:
    watch = TableWatch(configuration)
    await watch.look()
    assert Post._definition.schema_in_use() is None
    await configuration.database().execute("CREATE TABLE posts (id INTEGER PRIMARY KEY)")
    configuration.database().forget_schema()
    await watch.look()
    assert Post._definition.schema_in_use() is not None
