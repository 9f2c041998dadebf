"""The application's own helpers: every public function that a module of ``app/helpers`` defines.

Law: two helpers of one name are an error, not a matter of which file comes last.
"""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import TYPE_CHECKING, Any

from velocious.errors import ConfigurationError
from velocious.view.helper_table import HELPERS
from velocious.view.rendering import LAZY

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from velocious.configuration import Configuration

FOLDER = "app/helpers"


def application_helpers(configuration: Configuration) -> dict[str, Callable[..., Any]]:
    """The helpers of *configuration*'s application, by name.

    Raises:
        ConfigurationError: a module does not import, or a name is taken.
    """
    if configuration.directory is None:
        return {}
    homes: dict[str, str] = {}
    found: dict[str, Callable[..., Any]] = {}
    for file in configuration.files.list(FOLDER):
        if not file.endswith(".py") or file.startswith("_"):
            continue
        for name, function in _functions(_imported(file)).items():
            _check(name, file, homes)
            homes[name], found[name] = file, function
    return found


def _imported(file: str) -> ModuleType:
    try:
        return import_module(f"app.helpers.{file.removesuffix('.py')}")
    except Exception as error:
        raise ConfigurationError(
            f"{FOLDER}/{file} could not be imported: {type(error).__name__}: {error}. Fix it; "
            "--debug shows the whole traceback."
        ) from error


def _functions(module: ModuleType) -> dict[str, Callable[..., Any]]:
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_")
        and inspect.isfunction(value)
        and value.__module__ == module.__name__
    }


def _check(name: str, file: str, homes: dict[str, str]) -> None:
    taken = homes.get(name) or ("Velocious" if name in HELPERS or name in LAZY else None)
    if taken is not None:
        raise ConfigurationError(
            f"{FOLDER}/{file} defines the helper {name!r}, which {taken} has already. Give it "
            f"another name, or a leading _ where templates do not need it."
        )
