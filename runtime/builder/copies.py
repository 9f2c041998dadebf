"""Copies what is served as it came: Pyodide, PyScript and the wheels."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from runtime.builder.paths import DATA, PYODIDE, PYSCRIPT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "package.json")
PYSCRIPT_SUFFIXES = frozenset({".js", ".css"})


def copy_pyodide() -> None:
    _copy([PYODIDE / name for name in PYODIDE_FILES], DATA / "pyodide")


def copy_pyscript() -> None:
    """PyScript's modules without their source maps, which are larger than the modules."""
    modules = [path for path in (PYSCRIPT / "dist").iterdir() if path.suffix in PYSCRIPT_SUFFIXES]
    _copy([*modules, PYSCRIPT / "LICENSE"], DATA / "pyscript")


def copy_wheels(wheels: Iterable[Path]) -> list[Path]:
    return _copy(wheels, DATA / "wheels")


def _copy(files: Iterable[Path], directory: Path) -> list[Path]:
    directory.mkdir(parents=True, exist_ok=True)
    return [shutil.copyfile(path, directory / path.name) for path in sorted(files)]
