"""The application whose start tells which modules are needed until the first rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.configuration import Configuration

if TYPE_CHECKING:
    from velocious.environment import EnvironmentHandler


def configuration(environment_handler: EnvironmentHandler) -> Configuration:
    return Configuration(
        environment_handler=environment_handler,
        directory="/app",
        databases={"default": "sqlite:///first-rows.sqlite3"},
        browser=["app"],
    )
