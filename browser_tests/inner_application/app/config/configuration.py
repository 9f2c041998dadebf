"""An application without models: a place in the worker to run pytest in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.configuration import Configuration

if TYPE_CHECKING:
    from velocious.environment import EnvironmentHandler


def configuration(environment_handler: EnvironmentHandler) -> Configuration:
    return Configuration(
        environment_handler=environment_handler,
        environment="test",
        directory=".",
        browser=["app", "tests", "pytest.ini"],
    )
