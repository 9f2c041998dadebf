"""A small application whose page shows the first rows of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.configuration import Configuration

if TYPE_CHECKING:
    from velocious.environment import EnvironmentHandler


def configuration(environment_handler: EnvironmentHandler) -> Configuration:
    return Configuration(
        environment_handler=environment_handler,
        directory=".",
        databases={"default": "sqlite:///tasks.sqlite3"},
        browser=["app"],
    )
