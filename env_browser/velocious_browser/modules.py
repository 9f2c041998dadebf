"""Imports the modules of an application that was unpacked for this page."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


def make_importable(directory: str) -> None:
    """Let ``import app.…`` find the application at *directory*."""
    root = os.path.abspath(directory)
    if root not in sys.path:
        sys.path.insert(0, root)


def import_folder(directory: str, folder: str) -> list[ModuleType]:
    """Import every module below *folder* (``"app/models"``) of the application, by name."""
    place = os.path.join(os.path.abspath(directory), folder)
    return [import_bundled(name) for name in _module_names(place, folder.replace("/", "."))]


def import_bundled(name: str) -> ModuleType:
    """Import the module *name* of the application.

    Raises:
        ConfigurationError: it, or a module of the application that it imports, was not sent here.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or name
        if missing.partition(".")[0] != name.partition(".")[0]:
            raise
        path = missing.replace(".", "/")
        raise ConfigurationError(
            f"The module {missing!r} is not among the files that the browser gets. "
            f'Add its path to the configuration: Configuration(browser=[…, "{path}.py"]), '
            "and reload the page."
        ) from error


def _module_names(place: str, package: str) -> Iterator[str]:
    if not os.path.isdir(place):
        return
    for name in sorted(os.listdir(place)):
        if name.startswith(("_", ".")):
            continue
        if name.endswith(".py"):
            yield f"{package}.{name.removesuffix('.py')}"
        else:
            yield from _module_names(os.path.join(place, name), f"{package}.{name}")
