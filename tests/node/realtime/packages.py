"""Packages of npm for tests: installed once, in the versions of ``foreign/package.json``.

Law: without Node a test is skipped with the reason, and fails where ``CI=true``.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from runtime.builder import npm
from runtime.builder.failure import BuildError

FOREIGN = Path(__file__).with_name("foreign")


def need_packages() -> None:
    """Install what ``foreign/package.json`` names, where it is not there yet."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        _missing("Node with npm is not here, which runs clients that others wrote")
    # Several processes of pytest come here at the same time.
    with (FOREIGN / "package.json").open(encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        try:
            npm.install(FOREIGN)
        except BuildError as error:
            _missing(f"npm could not install clients that others wrote: {error}")


def _missing(reason: str) -> None:
    report = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
    report(reason)
