"""Tells whether the folder was built from the inputs of today."""

from __future__ import annotations

import hashlib
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

from runtime.builder.paths import COMPANIONS, DATA, FIRST_ROWS, RUNTIME, STAMPS, STAND_INS

if TYPE_CHECKING:
    from pathlib import Path

TOOLS = ("brotli", "pyodide-build", "pyodide-lock")


def input_digest() -> str:
    """Everything that decides what the folder holds, besides our own packages."""
    digest = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for tool in TOOLS:
        digest.update(f"{tool} {version(tool)}".encode())
    for path in _inputs():
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    """True when the last build finished, from these inputs, and its folder is still there."""
    stamp = STAMPS / "runtime"
    return (
        stamp.is_file()
        and (DATA / "runtime.json").is_file()
        and stamp.read_text(encoding="utf-8") == input_digest()
    )


def forget() -> None:
    (STAMPS / "runtime").unlink(missing_ok=True)


def remember() -> None:
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / "runtime").write_text(input_digest(), encoding="utf-8")


def _inputs() -> list[Path]:
    builder = RUNTIME / "builder"
    return [
        RUNTIME / "package.json",
        RUNTIME / "wheels.toml",
        *sorted(COMPANIONS.glob("*.py")),
        *sorted(STAND_INS.rglob("*.py")),
        *sorted(FIRST_ROWS.rglob("*.py")),
        *sorted(builder.glob("*.py")),
        *sorted(builder.glob("*.mjs")),
    ]
