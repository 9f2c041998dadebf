"""When a server's migrator writes the structure of a database to its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from velocious.configuration import Configuration
from velocious.migration import Migration, Migrator
from velocious.testing.migrations import ListedMigrations
from velocious_node import NodeEnvironmentHandler

if TYPE_CHECKING:
    from pathlib import Path


class CreateTasks(Migration):
    async def up(self) -> None:
        async with self.create_table("tasks") as t:
            t.string("name")

    async def down(self) -> None:
        await self.drop_table("tasks")


@pytest.mark.parametrize(
    ("environment", "written"), [("development", True), ("production", True), ("test", False)]
)
async def test_an_application_keeps_its_structure_except_in_tests(
    tmp_path: Path, environment: str, written: bool
) -> None:
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(),
        environment=environment,
        directory=str(tmp_path),
    )
    migrator = Migrator(configuration, provider=ListedMigrations([CreateTasks]))
    await migrator.migrate()
    file = tmp_path / "db" / "structure-default.sql"
    assert file.exists() is written
    if written:
        assert 'CREATE TABLE "tasks"' in file.read_text()
        await migrator.rollback()
        assert 'CREATE TABLE "tasks"' not in file.read_text()
    await configuration.database().close()


async def test_as_a_library_it_writes_nothing_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(),
        environment="development",
        databases={"default": f"sqlite:///{tmp_path}/here.sqlite3"},
    )
    await Migrator(configuration, provider=ListedMigrations([CreateTasks])).migrate()
    await configuration.database().close()
    assert not (tmp_path / "db").exists()
