"""Rows that several tabs write, in the browser only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.configuration import Configuration

if TYPE_CHECKING:
    from velocious.environment import EnvironmentHandler


def configuration(environment_handler: EnvironmentHandler) -> Configuration:
    return Configuration(
        environment_handler=environment_handler,
        name="tabs",
        directory=".",
        browser=["app"],
    )
