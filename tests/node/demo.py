"""The demo application in a temporary folder."""

from __future__ import annotations

import shutil
import sys
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from velocious.migration import Migrator
from velocious_node import NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.configuration import Configuration

DEMO = Path(__file__).parents[2] / "web" / "demo"
LEFT_OUT = shutil.ignore_patterns("__pycache__", "db.sqlite3*", "log", "*.sqlite3*", "tasks.csv")


class Demo:
    """A copy of the demo, with nothing in its database yet."""

    def __init__(self, place: Path) -> None:
        self.directory = place / "demo"
        shutil.copytree(DEMO, self.directory, ignore=LEFT_OUT)
        sys.path.insert(0, str(self.directory))

    def module(self, name: str) -> Any:
        """A module of the demo: ``module("app.board")``."""
        return import_module(name)

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[Configuration]:
        """The application, migrated."""
        make = self.module("app.config.configuration").configuration
        configuration: Configuration = make(NodeEnvironmentHandler())
        await configuration.database().create()
        async with configuration:
            await Migrator(configuration, write_structure=False).migrate()
            yield configuration
