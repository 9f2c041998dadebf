"""What must be settled before an application is shown to the world."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError, MissingSecretError

if TYPE_CHECKING:
    from velocious.configuration import Configuration


def check_for_production(configuration: Configuration) -> None:
    """Do nothing outside of production.

    Raises:
        ConfigurationError: with everything that is missing, one line for each.
    """
    if configuration.environment != "production":
        return
    found = problems(configuration)
    if found:
        lines = "\n".join(f"  - {problem}" for problem in found)
        raise ConfigurationError(f"The application is not ready for production:\n{lines}")


def problems(configuration: Configuration) -> list[str]:
    """Each thing that is missing, with what to write."""
    found: list[str] = []
    try:
        configuration.secret.keys("production check")
    except MissingSecretError:
        found.append(
            "There is no secret, so nothing can be signed. Make one with `velocious g:secret` and "
            "set VELOCIOUS_SECRET to it."
        )
    if not configuration.http.hosts:
        found.append(
            "http.hosts is empty, so any Host header would be believed. Name yours: "
            'Configuration(http={"hosts": ["example.com"]}).'
        )
    if configuration.log_level <= logging.DEBUG:
        found.append(
            'log_level is "debug", which logs what people send. Leave it out, or say '
            'Configuration(log_level="info").'
        )
    return found
