"""Imports the modules of the application that a server process runs.

Law: one application per process, for its modules are called ``app.…`` and Python knows one ``app``.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module, invalidate_caches
from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError, VelociousError
from velocious_node.files import names_below

if TYPE_CHECKING:
    from types import ModuleType


def make_importable(directory: str) -> None:
    """Let ``import app.…`` find the application at *directory*.

    Raises:
        ConfigurationError: another package called "app" is in the way.
    """
    root = os.path.realpath(directory)
    invalidate_caches()
    if root in sys.path:
        sys.path.remove(root)
    sys.path.insert(0, root)
    if not os.path.isdir(os.path.join(root, "app")):
        return
    places = [os.path.realpath(place) for place in getattr(import_module("app"), "__path__", [])]
    if not places or places[0] != os.path.join(root, "app"):
        raise ConfigurationError(
            f"The application at {root!r} cannot be imported, because Python's module 'app' is "
            f"{places or import_module('app')!r}. Run one application per process, and uninstall "
            "or rename any other package called 'app'."
        )


def import_folder(directory: str, folder: str) -> list[ModuleType]:
    """Import every module below *folder* (``"app/models"``) of the application, by name."""
    place = os.path.join(os.path.realpath(directory), folder)
    names = [path for path in names_below(place) if _is_module(path)]
    package = folder.replace("/", ".")
    return [
        import_part(f"{package}.{name.removesuffix('.py').replace('/', '.')}", f"{folder}/{name}")
        for name in names
    ]


def import_part(name: str, path: str) -> ModuleType:
    """Import the module *name*, which lies at *path*.

    Raises:
        ConfigurationError: it does not import; the cause is chained.
    """
    try:
        return import_module(name)
    except VelociousError:
        raise
    except Exception as error:
        raise ConfigurationError(
            f"The file {path!r} could not be imported: {describe(error)}. Fix it and run the "
            "command again; --debug shows the whole traceback."
        ) from error


def describe(error: BaseException) -> str:
    """An error in one line, with the place where a person would look."""
    if isinstance(error, SyntaxError):
        return f"SyntaxError: {error.msg} ({error.filename}, line {error.lineno})"
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    place = "" if traceback is None else _place(traceback.tb_frame.f_code, traceback.tb_lineno)
    return f"{type(error).__name__}: {error}{place}"


def _place(code: object, line: int) -> str:
    name = str(getattr(code, "co_filename", ""))
    return "" if name.startswith("<") else f" ({name}, line {line})"


def _is_module(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.endswith(".py") and not name.startswith(("_", "."))
