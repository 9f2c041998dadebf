"""Writes our own ``pyodide-lock.json``: the wheels that this origin serves, and no others.

Pyodide's own lock file names hundreds of wheels that are not served here, and its hash of micropip
is not the hash of the wheel on the package index: ``micropip.install`` would fail to fetch it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyodide_lock import PyodideLockSpec
from pyodide_lock.utils import add_wheels_to_spec

from runtime.builder.paths import PYODIDE

if TYPE_CHECKING:
    from pathlib import Path

NOT_FOR_BROWSERS = frozenset({"pip"})
"""Requirements that a wheel names and that have no meaning in a browser."""


def write_lock(wheels: list[Path], target: Path) -> int:
    """Lock the wheels with their hashes, relative to the lock file; returns how many.

    Raises:
        RuntimeError: a wheel requires a package that is not among them.
    """
    official = PyodideLockSpec.from_json(PYODIDE / "pyodide-lock.json")
    empty = PyodideLockSpec(info=official.info, packages={})
    lock = add_wheels_to_spec(
        empty, wheels, base_path=target.parent, ignore_missing_dependencies=True
    )
    for package in lock.packages.values():
        package.depends = [name for name in package.depends if name not in NOT_FOR_BROWSERS]
        _check_depends(package.name, package.depends, lock)
    lock.check_wheel_filenames()
    lock.to_json(target, indent=1)
    return len(lock.packages)


def _check_depends(name: str, depends: list[str], lock: PyodideLockSpec) -> None:
    missing = [dependency for dependency in depends if dependency not in lock.packages]
    if missing:
        raise RuntimeError(
            f"{name} requires {', '.join(missing)} - every requirement of a served wheel is served "
            "as well - add it to runtime/wheels.toml"
        )
