"""A `velocious server` of a small application, as a process."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator
    from pathlib import Path

CONFIGURATION = """
from velocious import Configuration

def configuration(environment_handler):
    return Configuration(
        environment_handler=environment_handler,
        directory=__file__.rpartition("/app/")[0],
        databases={"default": "sqlite:///:memory:"},
    )
"""
ROUTES = """
from velocious.routing import Routes

routes = Routes()
routes.get("/version", to="status#version")
routes.get("/slow", to="status#slow")
routes.get("/long", to="status#long")
routes.get("/process", to="status#process")
routes.get("/loop", to="status#loop")
routes.get("/crash", to="status#crash")
"""
CONTROLLER = """
import asyncio, os, signal
from velocious.controller import Controller

class StatusController(Controller):
    async def version(self):
        self.render(json="first")

    async def slow(self):
        await asyncio.sleep(0.6)
        self.render(json="finished")

    async def process(self):
        self.render(json=os.getpid())

    async def loop(self):
        self.render(json=type(asyncio.get_running_loop()).__module__)

    async def crash(self):
        os.kill(os.getpid(), signal.SIGKILL)

    async def long(self):
        self.render(json=["a line of some length"] * 1000)
"""
PATIENCE = 30


def write_shop(directory: Path) -> Path:
    """The application, in *directory*."""
    files = {
        "app/config/configuration.py": CONFIGURATION,
        "app/config/routes.py": ROUTES,
        "app/controllers/status_controller.py": CONTROLLER,
    }
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)
    return directory


class Running:
    """A `velocious server` that has printed where it answers."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.printed = ""
        self.url = ""

    async def wait_for(self, pattern: str) -> re.Match[str]:
        """The place in the next line it prints that looks like *pattern*."""
        assert self.process.stdout is not None
        found = None
        async with asyncio.timeout(PATIENCE):
            while found is None:
                line = (await self.process.stdout.readline()).decode()
                assert line, f"It ended without printing {pattern!r}: {self.printed}"
                self.printed += line
                found = re.search(pattern, line)
        return found

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """Send it a signal and wait; its exit code."""
        self.process.send_signal(number)
        output, _ = await asyncio.wait_for(self.process.communicate(), PATIENCE)
        self.printed += output.decode()
        return self.process.returncode or 0


@asynccontextmanager
async def server(shop: Path, *options: str) -> AsyncGenerator[Running]:
    process = await start(shop, *options)
    running = Running(process)
    try:
        running.url = (await running.wait_for(r"http://\S+"))[0]
        yield running
    finally:
        if process.returncode is None:
            process.terminate()
            await asyncio.wait_for(process.communicate(), PATIENCE)


async def start(shop: Path, *options: str) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "velocious_node", "server", "--port", "0", *options),
        cwd=shop,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "VELOCIOUS_ENV": "development", "PYTHONDONTWRITEBYTECODE": "1"},
    )
