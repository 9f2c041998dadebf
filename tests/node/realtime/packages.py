"""Programs of npm for tests: installed once, each run in a process of its own.

Law: without Node a test is skipped with the reason, and fails where ``CI=true``.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import shutil
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from runtime.builder import npm
from runtime.builder.failure import BuildError

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator

FOREIGN = Path(__file__).with_name("foreign")
SECONDS = 30


def need_packages() -> None:
    """Install what ``foreign/package.json`` names, where it is not there yet."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        _missing("Node with npm is not here, which runs clients that others wrote")
    # Several processes of pytest come here at the same time.
    with (FOREIGN / "package.json").open(encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        try:
            npm.install(FOREIGN)
        except BuildError as error:
            _missing(f"npm could not install clients that others wrote: {error}")


def _missing(reason: str) -> None:
    report = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
    report(reason)


class Program:
    """A program of ``foreign/`` that answers line by line."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def asks(self, step: str, **given: Any) -> dict[str, Any]:
        """The program's answer to one line."""
        to, source = self._process.stdin, self._process.stdout
        assert to is not None
        assert source is not None
        to.write(json.dumps({"step": step, **given}).encode() + b"\n")
        await to.drain()
        async with asyncio.timeout(SECONDS):
            # Packages may print words of their own.
            while line := await source.readline():
                word, _, answer = line.decode().partition(" ")
                if word == "answer":
                    return json.loads(answer)
        raise AssertionError(f"The program ended without an answer to {step!r}.")


@asynccontextmanager
async def running(name: str) -> AsyncGenerator[Program]:
    """The program *name*, ended with the block."""
    need_packages()
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        "node", name, cwd=FOREIGN, stdin=pipe, stdout=pipe, limit=2**24
    )
    try:
        yield Program(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await asyncio.wait_for(process.wait(), SECONDS)
