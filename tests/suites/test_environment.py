"""The fixture that all suites stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from velocious.errors import UnknownOptionError

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment


async def test_an_application_has_a_fresh_database_each_time(environment: TestEnvironment) -> None:
    for _ in range(2):
        async with environment.application(
            schema="CREATE TABLE notes (text TEXT)"
        ) as configuration:
            database = configuration.database()
            assert await database.fetch("SELECT count(*) FROM notes") == [(0,)]
            await database.execute("INSERT INTO notes VALUES (?)", ["once"])


async def test_an_unknown_capability_is_an_error_and_not_a_skip(
    environment: TestEnvironment,
) -> None:
    with pytest.raises(UnknownOptionError, match="savepoints"):
        environment.needs("savepoint")
