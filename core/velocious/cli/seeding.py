"""Runs the seed of an application, ``async def seed(configuration, progress)``."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import TYPE_CHECKING

from velocious.errors import CommandError

if TYPE_CHECKING:
    from types import ModuleType

    from velocious.cli.output import Output
    from velocious.configuration import Configuration

PATH = "app/db/seed.py"
MODULE = "app.db.seed"
EXAMPLE = "async def seed(configuration, progress): ..."


async def seed(configuration: Configuration, output: Output) -> None:
    """Run the application's seed.

    Raises:
        CommandError: there is none, or it has another shape.
    """
    function = getattr(_module(configuration), "seed", None)
    if not inspect.iscoroutinefunction(function):
        found = "no seed" if function is None else f"a seed that cannot be awaited ({function!r})"
        raise CommandError(f"The file {PATH!r} has {found}. Define in it: {EXAMPLE}")
    await function(configuration, output.progress)


def _module(configuration: Configuration) -> ModuleType:
    if configuration.directory is None or not configuration.files.exists(PATH):
        raise CommandError(
            f"There is no file {PATH!r}{_where(configuration)}. Write it with: {EXAMPLE} "
            f'To seed in a browser too, list it: Configuration(browser=[…, "{PATH}"]).'
        )
    return import_module(MODULE)


def _where(configuration: Configuration) -> str:
    if configuration.directory is None:
        return ", because the configuration has no directory"
    return f" in {configuration.files.absolute('.')!r}"
