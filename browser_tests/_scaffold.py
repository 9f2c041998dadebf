"""A scaffolded application, made and served by the program as a newcomer would."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

PROGRAM = (sys.executable, "-m", "velocious_node")


def run(directory: Path, *words: str) -> None:
    """Run a command that must work."""
    done = subprocess.run(
        [*PROGRAM, *words], cwd=directory, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr


def scaffolded(place: Path) -> Path:
    """An application with posts, migrated."""
    run(place, "init", "blog")
    run(place / "blog", "g:scaffold", "Post", "title:string!", "body:text", "published:boolean")
    run(place / "blog", "db:migrate")
    return place / "blog"


@contextmanager
def served(directory: Path) -> Generator[tuple[str, subprocess.Popen[str]]]:
    """Where `velocious server` serves it, and the server, which a test may stop."""
    server = subprocess.Popen(
        [*PROGRAM, "server", "--port", "0"],
        cwd=directory,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert server.stdout is not None
    try:
        yield server.stdout.readline().split()[-1], server
    finally:
        server.terminate()
        assert server.wait(timeout=30) == 0
        server.stdout.close()
