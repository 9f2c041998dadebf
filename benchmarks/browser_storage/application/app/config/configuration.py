"""An application whose page measures the storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.configuration import Configuration

if TYPE_CHECKING:
    from velocious.environment import EnvironmentHandler


def configuration(environment_handler: EnvironmentHandler) -> Configuration:
    from benchmarks.browser_storage.work import Entry

    return Configuration(
        environment_handler=environment_handler,
        directory=".",
        databases={"default": "sqlite:///velocious.sqlite3"},
        models=[Entry],
        browser=["app", "benchmarks"],
        log_level="warning",
    )
