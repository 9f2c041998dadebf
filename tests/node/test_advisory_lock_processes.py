"""Advisory locks across processes, also across those that die."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.node.heartbeat import Heartbeat
from tests.node.test_sqlite_processes import open_database
from velocious.errors import AdvisoryLockBusyError, DatabaseUnavailableError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

HOLDER = """
import asyncio, sys
from pathlib import Path
from tests.node.test_sqlite_processes import open_database

async def main():
    database = open_database(Path(sys.argv[1]))
    async with database.advisory_lock("import"):
        print("held", flush=True)
        await asyncio.to_thread(sys.stdin.readline)

asyncio.run(main())
"""


@contextmanager
def other_process(path: Path) -> Generator[subprocess.Popen[str]]:
    """A process that holds the lock "import" until it reads a line."""
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


async def test_another_process_keeps_the_lock_and_the_loop_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "locks.sqlite3"
    database = open_database(path)
    with other_process(path) as process:
        with pytest.raises(AdvisoryLockBusyError):
            async with database.advisory_lock("import", or_fail=True):
                pytest.fail("two held it")
        async with Heartbeat() as heartbeat:
            asyncio.get_running_loop().call_later(0.3, _answer, process)
            async with database.advisory_lock("import", timeout=30):
                pass
    assert heartbeat.steady, heartbeat


def _answer(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


async def test_a_killed_process_gives_its_lock_back(tmp_path: Path) -> None:
    path = tmp_path / "locks.sqlite3"
    database = open_database(path)
    with other_process(path) as process:
        process.kill()
        process.wait()
        async with database.advisory_lock("import", or_fail=True):
            pass


async def test_a_lock_that_was_given_back_leaves_no_file(tmp_path: Path) -> None:
    database = open_database(tmp_path / "locks.sqlite3")
    async with database.advisory_lock("import"):
        assert len(list(tmp_path.glob("locks.sqlite3-lock-*"))) == 1
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_that_cannot_take_the_lock_is_named(tmp_path: Path) -> None:
    database = open_database(tmp_path / "missing" / "locks.sqlite3")
    with pytest.raises(DatabaseUnavailableError, match=r"missing/locks\.sqlite3-lock-"):
        async with database.advisory_lock("import"):
            pytest.fail("it was taken")
