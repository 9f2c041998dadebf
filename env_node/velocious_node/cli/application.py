"""Finds the application a command is meant for, and makes its configuration."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from velocious.configuration import Configuration
from velocious.errors import ConfigurationError
from velocious_node.handler import NodeEnvironmentHandler
from velocious_node.modules import import_part, make_importable

if TYPE_CHECKING:
    from types import ModuleType

    from velocious.cli.command import GlobalOptions

PATH = "app/config/configuration.py"
MODULE = "app.config.configuration"
SHAPE = (
    "def configuration(environment_handler): "
    "return Configuration(environment_handler=environment_handler, …)"
)


def load(options: GlobalOptions) -> Configuration:
    """The configuration of the application that *options* mean; not opened.

    Raises:
        ConfigurationError: there is no application, or its configuration is broken.
    """
    root = find_root(options.directory)
    if options.environment is not None:
        os.environ["VELOCIOUS_ENV"] = options.environment
    make_importable(root)
    return _made_by(import_part(MODULE, PATH))


def find_root(directory: str | None) -> str:
    """The nearest directory, from *directory* upwards, that holds an application."""
    start = os.path.realpath(directory or os.curdir)
    if not os.path.isdir(start):
        raise ConfigurationError(
            f"There is no directory {directory!r}. Give --directory the one that holds app/."
        )
    place = start
    while not os.path.isfile(os.path.join(place, PATH)):
        parent = os.path.dirname(place)
        if parent == place:
            raise ConfigurationError(
                f"There is no application in {start!r} or above it: no directory has {PATH!r}. "
                "Go into one, name it with --directory, or make one: `velocious init NAME`."
            )
        place = parent
    return place


def _made_by(module: ModuleType) -> Configuration:
    make = getattr(module, "configuration", None)
    if not callable(make):
        found = "nothing of that name" if make is None else repr(make)
        raise ConfigurationError(
            f"The file {PATH!r} must define a function configuration, but has {found}. "
            f"Write: {SHAPE}"
        )
    made = make(NodeEnvironmentHandler())
    if not isinstance(made, Configuration):
        raise ConfigurationError(
            f"configuration() in {PATH!r} returned {made!r}, which is no Configuration. "
            f"Write: {SHAPE}"
        )
    return made
