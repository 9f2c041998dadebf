"""Installs packages from npm in the exact versions of a ``package.json``: that of the runtime
(Pyodide, PyScript, TypeScript), or another one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from runtime.builder.paths import RUNTIME
from runtime.builder.process import run

if TYPE_CHECKING:
    from pathlib import Path

INSTALL = (
    "npm",
    "install",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    "--no-package-lock",
    "--loglevel=error",
)


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def wanted_versions(directory: Path = RUNTIME) -> dict[str, str]:
    """The packages of ``package.json`` in *directory* with their exact versions."""
    package = _read(directory / "package.json")
    return {**package.get("dependencies", {}), **package.get("devDependencies", {})}


def installed_version(name: str, directory: Path = RUNTIME) -> str | None:
    """The version in ``node_modules``, or None when the package is not there."""
    package = directory / "node_modules" / name / "package.json"
    return str(_read(package)["version"]) if package.is_file() else None


def install(directory: Path = RUNTIME) -> str:
    """Install what is missing; says in a few words what was done.

    Raises:
        BuildError: npm is not here, or could not.
    """
    wanted = wanted_versions(directory)
    names = ", ".join(f"{name} {version}" for name, version in sorted(wanted.items()))
    if all(installed_version(name, directory) == version for name, version in wanted.items()):
        return f"reused {names}"
    run(
        INSTALL,
        directory=directory,
        remedy="install Node 20 or newer with npm and try again",
    )
    return f"installed {names}"
