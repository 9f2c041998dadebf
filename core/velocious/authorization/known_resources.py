"""The resources of the current application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious import current
from velocious.authorization.base_resource import resources_of

if TYPE_CHECKING:
    from velocious.authorization.base_resource import BaseResource


def known_resources() -> tuple[type[BaseResource], ...]:
    """Those that the configuration names, and those in ``app/resources``."""
    configuration = current.configuration()
    given = configuration.given_resources
    if configuration.directory is None:
        return given
    handler = configuration.environment_handler
    handler.import_application(configuration.directory)
    handler.import_folder(configuration.directory, "app/resources")
    return tuple(dict.fromkeys((*given, *resources_of("app"))))
