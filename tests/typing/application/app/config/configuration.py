"""The configuration of an application whose types are checked."""

from __future__ import annotations

from os.path import abspath, dirname
from typing import TYPE_CHECKING

from velocious.configuration import Configuration

if TYPE_CHECKING:
    from velocious.environment import EnvironmentHandler


def configuration(environment_handler: EnvironmentHandler) -> Configuration:
    """The configuration for whatever place *environment_handler* stands for."""
    return Configuration(
        environment_handler=environment_handler,
        directory=dirname(dirname(dirname(abspath(__file__)))),
        databases={"default": "sqlite:///db/typing.sqlite3"},
    )
