"""An application whose page measures the work of ``benchmarks.orm``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.configuration import Configuration

if TYPE_CHECKING:
    from velocious.environment import EnvironmentHandler


def configuration(environment_handler: EnvironmentHandler) -> Configuration:
    from benchmarks.orm.velocious_models import Project, Task

    return Configuration(
        environment_handler=environment_handler,
        directory=".",
        databases={"default": "sqlite:///velocious.sqlite3"},
        models=[Project, Task],
        browser=["app", "benchmarks"],
        log_level="warning",
    )
