"""Packs the folder as the wheel ``velocious-runtime``: an application needs pip alone."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from runtime.builder.paths import RUNTIME
from runtime.builder.process import run

if TYPE_CHECKING:
    from pathlib import Path


def pack(directory: Path) -> Path:
    """Build the wheel with hatchling into ``directory``; needs no network."""
    directory.mkdir(parents=True, exist_ok=True)
    for old in directory.glob("velocious_runtime-*.whl"):
        old.unlink()
    run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--no-build-isolation", "--wheel-dir", str(directory), str(RUNTIME)),
        ],
        directory=RUNTIME,
        remedy="install the build tools with 'make setup'",
    )
    return next(directory.glob("velocious_runtime-*.whl"))
