"""Many tenants, few open files."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import TYPE_CHECKING, Any

import pytest

from velocious.configuration import Configuration
from velocious_node import NodeEnvironmentHandler

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 5


def open_files() -> int:
    try:
        return len(os.listdir("/proc/self/fd"))
    except FileNotFoundError:
        pytest.skip("open files are counted where /proc is")


async def test_files_and_threads_of_tenants_stay_within_the_limit(tmp_path: Path) -> None:
    def resolve(*, identifier: str, settings: dict[str, Any], tenant: int) -> str:
        return f"sqlite:///{tmp_path}/{tenant}.sqlite3"

    async with Configuration(
        environment_handler=NodeEnvironmentHandler(),
        environment="test",
        databases={"default": f"sqlite:///{tmp_path}/main.sqlite3"},
        tenant_database_resolver=resolve,
        tenant_limit=LIMIT,
    ) as configuration:
        files, threads = open_files(), threading.active_count()
        most_files = most_threads = 0

        async def work(tenant: int) -> None:
            nonlocal most_files, most_threads
            async with configuration.run_with_tenant(tenant):
                database = configuration.database()
                await database.execute("CREATE TABLE IF NOT EXISTS notes (id INTEGER)")
                await database.execute("INSERT INTO notes VALUES (?)", (tenant,))
                assert set(await database.fetch("SELECT id FROM notes")) == {(tenant,)}
                most_files = max(most_files, open_files())
                most_threads = max(most_threads, threading.active_count())

        for start in range(0, 60, 20):
            await asyncio.gather(*(work(tenant % 40) for tenant in range(start, start + 20)))
        # A writer, a reader, their log and its index.
        assert most_files - files <= LIMIT * 6
        assert most_threads - threads <= LIMIT * 4
    assert open_files() <= files
    assert len(list(tmp_path.glob("*.sqlite3"))) == 40
