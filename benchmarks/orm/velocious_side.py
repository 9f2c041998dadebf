"""Velocious on the server."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.orm import velocious_models
from velocious import Configuration
from velocious_node import NodeEnvironmentHandler


class VelociousSide:
    name = "Velocious"

    def open(self, path: str) -> None:
        self.runner = asyncio.Runner()
        self.configuration = Configuration(
            environment_handler=NodeEnvironmentHandler(),
            directory=None,
            databases={"default": f"sqlite:///{Path(path).absolute()}"},
            models=[velocious_models.Project, velocious_models.Task],
            log_level="warning",
        )
        self.runner.run(self.configuration.initialize())

    def close(self) -> None:
        self.runner.run(self.configuration.close())
        self.runner.close()

    def __getattr__(self, workload: str) -> Any:
        return partial(self._run, getattr(velocious_models, workload))

    def _run(self, work: Any) -> int:
        return self.runner.run(work())
