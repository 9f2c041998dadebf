"""What every environment's migration provider does with an application's folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from velocious.errors import MigrationError

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment

TEXT = """
from velocious.migration import Migration

class CreateTasks(Migration):
    async def up(self):
        pass
"""


def write(directory: str, name: str, text: str = TEXT) -> None:
    folder = f"{directory}/app/db/migrations"
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
        file.write(text)


async def test_migrations_are_found_by_version(environment: TestEnvironment) -> None:
    async with environment.directory() as directory:
        for name in ("20260202000000_b.py", "20260101000000_a.py", "__init__.py", "notes.txt"):
            write(directory, name)
        sources = environment.handler().migrations(directory).sources()
        assert [source.name for source in sources] == ["a", "b"]


async def test_a_wrong_name_is_an_error(environment: TestEnvironment) -> None:
    async with environment.directory() as directory:
        write(directory, "create_tasks.py")
        with pytest.raises(MigrationError, match=r"create_tasks\.py"):
            environment.handler().migrations(directory).sources()


async def test_without_a_folder_there_are_none(environment: TestEnvironment) -> None:
    async with environment.directory() as directory:
        assert environment.handler().migrations(directory).sources() == []
    assert environment.handler().migrations(None).sources() == []
