"""Clients that other people wrote, as processes of node: they judge the dialects."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from tests.node.realtime.packages import FOREIGN, need_packages

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator
    from pathlib import Path

PATIENCE = 15.0


def needs(package: str) -> None:
    """A skip where node or *package* is missing, or a failure on continuous integration, which must
    not stay green because nothing was judged.
    """
    need_packages()
    assert (FOREIGN / "node_modules" / package).is_dir(), f"{package} is not in package.json"


class ForeignClient:
    """A script of ``foreign/`` that takes orders as lines of JSON, and says what happens in lines.

    Attributes:
        said: everything so far.
    """

    def __init__(self, process: Process) -> None:
        self._process = process
        self._news = asyncio.Condition()
        self.said: list[dict[str, Any]] = []

    async def do(self, order: str, **more: Any) -> None:
        """Tell it to do something."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": order, **more}).encode() + b"\n")
        await self._process.stdin.drain()

    async def hears(self, kind: str, *, count: int = 1, **more: Any) -> dict[str, Any]:
        """Wait for the *count*-th thing of *kind* that has *more*."""

        def found() -> list[dict[str, Any]]:
            return [
                one
                for one in self.said
                if one["kind"] == kind and all(one.get(key) == more[key] for key in more)
            ]

        try:
            async with asyncio.timeout(PATIENCE), self._news:
                await self._news.wait_for(lambda: len(found()) >= count)
        except TimeoutError:
            raise AssertionError(f"No {kind} with {more} (x{count}) among {self.said}") from None
        return found()[count - 1]

    async def hears_more_than(self, count: int) -> None:
        """Wait until it has said more than *count* things."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: len(self.said) > count)

    def all_heard(self, kind: str) -> list[dict[str, Any]]:
        return [one for one in self.said if one["kind"] == kind]

    async def read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            async with self._news:
                self.said.append(json.loads(line))
                self._news.notify_all()


@asynccontextmanager
async def foreign_client(
    script: str, *arguments: str, directory: Path | None = None
) -> AsyncGenerator[ForeignClient]:
    """The client of *script*; its process is gone afterwards. Files that it writes of its own
    accord are in *directory*.
    """
    process = await asyncio.create_subprocess_exec(
        "node",
        str(FOREIGN / script),
        *arguments,
        cwd=directory,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    client = ForeignClient(process)
    reading = asyncio.create_task(client.read())
    try:
        yield client
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reading
