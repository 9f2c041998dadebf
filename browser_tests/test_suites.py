"""The suites and contracts of this repository, run by pytest inside the worker of a real browser.

Each inner test is an item of its own (see conftest.py); here is the guard that none is missing.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
PLACES = ("tests/suites", "tests/contracts")


def without_environment(name: str) -> str:
    """The id of a test without the name of the place it runs in."""
    return re.sub(r"node-[a-z]+|browser", "environment", name)


def collected_on_the_server() -> set[str]:
    """The ids that CPython collects in this repository."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--no-header", *PLACES]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return {line for line in done.stdout.splitlines() if "::" in line}


def test_every_suite_is_collected_in_the_browser_too(collected_inside: dict[str, Any]) -> None:
    outside = {without_environment(name) for name in collected_on_the_server()}
    inside = {without_environment(name) for name in collected_inside["ids"]}
    assert inside == outside
