"""The files of this repository, as git knows them."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


@cache
def tracked_files() -> tuple[str, ...]:
    """Every file that is committed or about to be, sorted."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True).stdout
    names = (name.decode() for name in listed.split(b"\0") if name)
    return tuple(sorted(name for name in names if (REPOSITORY / name).is_file()))


def documents() -> list[str]:
    """The documents for users: the README of the repository and everything in docs/."""
    return [
        name
        for name in tracked_files()
        if name == "README.md" or (name.startswith("docs/") and name.endswith(".md"))
    ]
