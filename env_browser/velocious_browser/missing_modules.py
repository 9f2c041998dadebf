"""Stands in for a module of the standard library that Pyodide does not have.

anyio, which Starlette imports, imports ``concurrent.interpreters`` when it is imported itself,
although nobody starts an interpreter. This is the one place that helps it.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from types import ModuleType
from typing import NoReturn

from velocious.errors import NotAvailableHereError

NAME = "concurrent.interpreters"


class ExecutionFailed(Exception):
    """Never raised: no interpreter can be made."""


def create() -> NoReturn:
    """Refuse to make an interpreter. Raises NotAvailableHereError."""
    raise NotAvailableHereError(
        "A second Python interpreter",
        environment="browser",
        instead="Await the work in the event loop, or split it into short steps.",
    )


def install() -> None:
    """Let ``import concurrent.interpreters`` succeed where Python was built without them."""
    if find_spec("_interpreters") is None and NAME not in sys.modules:
        module = ModuleType(NAME, "Velocious' stand-in: there is one interpreter in a worker.")
        module.__dict__.update(ExecutionFailed=ExecutionFailed, create=create)
        sys.modules[NAME] = module
