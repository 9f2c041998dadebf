"""What a configuration knows of the application whose directory it was given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError

if TYPE_CHECKING:
    from velocious.configuration.configuration import Configuration


def application_name(name: str | None) -> str | None:
    """*name*, under which a browser keeps data. Raises ConfigurationError where it cannot."""
    if name is not None and not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", name):
        raise ConfigurationError(
            f"name={name!r} cannot name an application: it takes lower-case letters, digits, "
            '- and _, at most 64 of them, such as "field-notes".'
        )
    return name


def import_application(configuration: Configuration, *folders: str) -> bool:
    """Import the application, then every module in *folders* of it; whether there is one: a
    library has no directory.
    """
    directory = configuration.directory
    if directory is None:
        return False
    handler = configuration.environment_handler
    handler.import_application(directory)
    for folder in folders:
        handler.import_folder(directory, folder)
    return True
