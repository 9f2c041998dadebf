"""Where the build reads and writes."""

from __future__ import annotations

from pathlib import Path

RUNTIME = Path(__file__).resolve().parents[1]
REPOSITORY = RUNTIME.parent

NODE_MODULES = RUNTIME / "node_modules"
PYODIDE = NODE_MODULES / "pyodide"
PYSCRIPT = NODE_MODULES / "@pyscript" / "core"

CACHE = RUNTIME / "build_cache"
WHEELS = CACHE / "wheels"
COMPILED = CACHE / "compiled"
SQUEEZED = CACHE / "squeezed"
TESTING = CACHE / "testing"
STAMPS = CACHE / "stamps"

COMPANIONS = RUNTIME / "companions"
"""Modules of ours in the standard library's archive: the Python that the JavaScript needs."""
STAND_INS = RUNTIME / "stand_ins"
"""Modules that take the place of one of Pyodide's, which stays beside them under another name."""
FIRST_ROWS = RUNTIME / "builder" / "first_rows"
"""The application whose first rows tell which modules a start needs."""

DATA = RUNTIME / "velocious_runtime" / "data"

VELOCIOUS_PACKAGES = (
    REPOSITORY / "core" / "velocious",
    REPOSITORY / "env_browser" / "velocious_browser",
)
"""The packages of the velocious archive: nothing of the server's environment is in it."""
