"""The configuration, for the server that serves the files and for the browser."""

from __future__ import annotations

from os.path import abspath, dirname
from typing import TYPE_CHECKING

from velocious.configuration import Configuration

if TYPE_CHECKING:
    from velocious.environment import EnvironmentHandler


def configuration(environment_handler: EnvironmentHandler) -> Configuration:
    return Configuration(
        name="velocious-example-react",
        environment_handler=environment_handler,
        directory=dirname(dirname(dirname(abspath(__file__)))),
        browser=["app"],
    )
