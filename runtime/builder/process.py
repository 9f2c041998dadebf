"""Runs npm, node and pip, and turns their failures into a message with the way out."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from runtime.builder.failure import BuildError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TAIL_LINES = 25
TAIL_WIDTH = 300


def run(command: Sequence[str], *, directory: Path, remedy: str) -> str:
    """Run a command and return what it printed.

    Raises:
        BuildError: the program is missing or ended with an error; says ``remedy``.
    """
    try:
        finished = subprocess.run(
            command,
            cwd=directory,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except FileNotFoundError as error:
        raise BuildError(f"{command[0]!r} was not found - {remedy}") from error
    if finished.returncode != 0:
        lines = finished.stdout.splitlines()[-TAIL_LINES:]
        tail = "\n".join(line[:TAIL_WIDTH] for line in lines)
        raise BuildError(
            f"{' '.join(command)!r} ended with code {finished.returncode} - {remedy}\n{tail}"
        )
    return finished.stdout
