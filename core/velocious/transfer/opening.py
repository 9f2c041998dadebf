"""The two ends of a copy, each opened for it alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from velocious.database.database import Database
from velocious.database.settings import parse_settings
from velocious.errors import ConfigurationError

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.database.settings import DatabaseSettings


def settings_of(configuration: Configuration, given: str, identifier: str) -> DatabaseSettings:
    """The settings of *given*: an identifier of the configuration, or a URL; then it is what
    migrations know as *identifier*.
    """
    if "://" in given:
        return parse_settings(identifier, given)
    return configuration.database(given).settings


def open_source(configuration: Configuration, settings: DatabaseSettings) -> Database:
    """The database that is read; nothing can be written to it."""
    return _database(configuration, replace(settings, read_only=True, replicas=()))


def open_target(configuration: Configuration, settings: DatabaseSettings) -> Database:
    """The database that is written to."""
    if settings.read_only:
        raise ConfigurationError(
            f"The database {settings.identifier!r} is configured read_only, so nothing can be "
            "copied into it. Name another one with --to."
        )
    pragmas = dict(settings.pragmas)
    if settings.scheme == "sqlite":
        # Rows come in an order that need not satisfy them; they are checked at the end.
        pragmas["foreign_keys"] = "off"
    return _database(configuration, replace(settings, pragmas=pragmas, replicas=()))


def open_plainly(configuration: Configuration, settings: DatabaseSettings) -> Database:
    """A database as an application would open it: for its migrations."""
    return _database(configuration, replace(settings, replicas=()))


def _database(configuration: Configuration, settings: DatabaseSettings) -> Database:
    drivers = configuration.environment_handler.drivers()
    factory = drivers.get(settings.scheme)
    if factory is None:
        raise ConfigurationError(
            f"The {configuration.environment_handler.name} environment has no driver for "
            f"{settings.scheme}. It has: {', '.join(sorted(drivers))}."
        )
    return Database(settings, factory, configuration.files)
