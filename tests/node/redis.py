"""Redis for tests: the one that runs here with a prefix of its own, or one that a test may kill."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator
    from pathlib import Path

URL = os.environ.get("VELOCIOUS_TEST_REDIS", "redis://127.0.0.1:6379/15")
#: Deadlines that tests need not wait for.
QUICK: dict[str, Any] = {
    "timeout": 2.0,
    "retry_least": 0.02,
    "retry_most": 0.1,
    "heartbeat": 0.5,
    "lease": 1.0,
    "renew": 0.2,
}


def _missing(reason: str) -> None:
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)


@asynccontextmanager
async def prefix() -> AsyncGenerator[str]:
    """A prefix that nobody else has; its keys are gone afterwards."""
    from redis.asyncio import Redis
    from redis.exceptions import ConnectionError as Away

    client = cast("Any", Redis).from_url(URL)
    try:
        await client.ping()
    except Away as error:
        await client.aclose()
        _missing(f"no Redis at {URL}: {error}")
    name = f"rt:test-{uuid4().hex[:10]}"
    try:
        yield name
    finally:
        async for key in client.scan_iter(match=f"{name}:*", count=1000):
            await client.delete(key)
        await client.aclose()


class OwnRedis:
    """A Redis of the test's own.

    Attributes:
        url: where it is, also while it is not there.
    """

    def __init__(self, directory: Path, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._directory = directory
        self._options = options
        self._process: Process | None = None

    async def start(self) -> None:
        if shutil.which("redis-server") is None:
            _missing("redis-server is not installed")
        self._process = await asyncio.create_subprocess_exec(
            *("redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""),
            *("--dir", str(self._directory), *self._options),
            stdout=asyncio.subprocess.DEVNULL,
        )
        for _ in range(500):
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            await asyncio.sleep(0.01)
        raise AssertionError("redis-server does not answer")

    async def kill(self) -> None:
        """As a power failure would."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def own_redis(directory: Path, *options: str) -> AsyncGenerator[OwnRedis]:
    """A running Redis that the test may kill; it is gone afterwards."""
    made = OwnRedis(directory, *options)
    await made.start()
    try:
        yield made
    finally:
        await made.kill()
