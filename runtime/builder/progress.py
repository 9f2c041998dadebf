"""What the build says while it works."""

from __future__ import annotations

from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

MEGABYTE = 1_000_000


def say(text: str) -> None:
    """Print a line at once, also when the output is a pipe."""
    print(text, flush=True)


@contextmanager
def step(number: int, total: int, label: str) -> Generator[None]:
    """Announce a step, then say how long it took."""
    say(f"[{number}/{total}] {label}")
    started = perf_counter()
    yield
    say(f"      {perf_counter() - started:.1f} s")


def megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.2f} MB"


def describe(path: Path) -> str:
    """A file's name with its size."""
    return f"{path.name} {megabytes(path.stat().st_size)}"
