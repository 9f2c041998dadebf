"""Downloads the pure wheels that the browser gets, by exact version.

A package without a ``none-any`` wheel whose compiled part is optional (markupsafe) is repacked as a
pure one: the browser has no use for a Linux extension.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from runtime.builder.failure import BuildError
from runtime.builder.process import run
from runtime.builder.pure_wheel import repack_as_pure

OPTIONAL_SPEEDUPS = frozenset({"markupsafe"})
"""Packages whose compiled modules have a fallback in Python."""


def find(requirement: str, directory: Path) -> Path | None:
    """The downloaded wheel of ``name==version``, or None."""
    name, _, version = requirement.partition("==")
    for path in sorted(directory.glob("*-none-any.whl")):
        wheel_name, wheel_version, _, _ = parse_wheel_filename(path.name)
        if wheel_name == canonicalize_name(name) and wheel_version == Version(version):
            return path
    return None


def download(requirements: tuple[str, ...], directory: Path) -> str:
    """Fetch the wheels that are not there yet; says in a few words what was done."""
    directory.mkdir(parents=True, exist_ok=True)
    missing = [name for name in requirements if find(name, directory) is None]
    _forget_others(requirements, directory)
    pure = [name for name in missing if _project(name) not in OPTIONAL_SPEEDUPS]
    if pure:
        _pip_download([*pure, "--implementation=py", "--abi=none", "--platform=any"], directory)
    for name in missing:
        if _project(name) in OPTIONAL_SPEEDUPS:
            _download_repacked(name, directory)
    _check(requirements, directory)
    return f"{len(requirements) - len(missing)} wheels reused, {len(missing)} downloaded"


def _project(requirement: str) -> str:
    return canonicalize_name(requirement.partition("==")[0])


def _download_repacked(requirement: str, directory: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        _pip_download([requirement], Path(temporary))
        for path in Path(temporary).glob("*.whl"):
            repack_as_pure(path, directory)


def _pip_download(arguments: list[str], directory: Path) -> None:
    run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--only-binary=:all:", "--dest", str(directory)),
            *arguments,
        ],
        directory=directory,
        remedy="check the versions in runtime/wheels.toml and that pip reaches its index",
    )


def _forget_others(requirements: tuple[str, ...], directory: Path) -> None:
    kept = {find(name, directory) for name in requirements}
    for path in directory.glob("*.whl"):
        if path not in kept:
            path.unlink()


def _check(requirements: tuple[str, ...], directory: Path) -> None:
    missing = [name for name in requirements if find(name, directory) is None]
    if missing:
        raise BuildError(
            f"no pure wheel for {', '.join(missing)} - a browser needs a 'none-any' wheel - "
            "choose another version in runtime/wheels.toml"
        )
