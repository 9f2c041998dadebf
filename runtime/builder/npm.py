"""Installs Pyodide, PyScript and TypeScript from npm in the exact versions of ``package.json``."""

from __future__ import annotations

import json
from typing import Any

from runtime.builder.paths import NODE_MODULES, RUNTIME
from runtime.builder.process import run

INSTALL = (
    "npm",
    "install",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    "--no-package-lock",
    "--loglevel=error",
)


def _read(path: str) -> dict[str, Any]:
    return json.loads((RUNTIME / path).read_text(encoding="utf-8"))


def wanted_versions() -> dict[str, str]:
    """The packages of ``package.json`` with their exact versions."""
    package = _read("package.json")
    return {**package["dependencies"], **package["devDependencies"]}


def installed_version(name: str) -> str | None:
    """The version in ``node_modules``, or None when the package is not there."""
    if not (NODE_MODULES / name / "package.json").is_file():
        return None
    return str(_read(f"node_modules/{name}/package.json")["version"])


def install() -> str:
    """Install what is missing; says in a few words what was done."""
    wanted = wanted_versions()
    names = ", ".join(f"{name} {version}" for name, version in sorted(wanted.items()))
    if all(installed_version(name) == version for name, version in wanted.items()):
        return f"reused {names}"
    run(
        INSTALL,
        directory=RUNTIME,
        remedy="install Node 20 or newer with npm and run 'make runtime' again",
    )
    return f"installed {names}"
