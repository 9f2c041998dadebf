"""Stands in for Pyodide's module of this name, which unpacks packages.

That one imports fifteen modules (zips, tars, four kinds of compression, temporary files) on every
start, and hardly a start unpacks anything. It is beside this one, under the name that ends with
``_whole``, and imported when something of it is wanted.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from site import getsitepackages
from typing import Any

# The whole one holds it, and Pyodide's snapshots of the memory count on finding it there.
from pyodide_js import loadedPackages as loadedPackages

WHOLE = f"{__name__}_whole"

#: What Pyodide's JavaScript reads on each start.
SITE_PACKAGES = Path(getsitepackages()[0])
DSO_DIR = Path("/usr/lib")


def init_loaded_packages() -> None:
    """Tell Pyodide of the packages that are there already; a new Python has none."""
    if any(name.endswith(".dist-info") for name in os.listdir(SITE_PACKAGES)):
        __getattr__("init_loaded_packages")()


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(WHOLE), name)
