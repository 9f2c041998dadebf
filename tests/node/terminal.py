"""A program in a terminal of its own, typed into as a person would."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

PATIENCE = 30


class Terminal:
    """What the program shows, and the keyboard."""

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int) -> None:
        self._process = process
        self._descriptor = descriptor
        self._shown = ""

    def type(self, text: str) -> None:
        """Press the keys of *text*, when the program has had time to get ready for them."""
        time.sleep(0.4)
        os.write(self._descriptor, text.encode())

    def wait_for(self, text: str) -> None:
        """Wait until the program shows *text*, and forget what it showed up to there."""
        until = time.monotonic() + PATIENCE
        while text not in self._shown:
            assert time.monotonic() < until, f"{text!r} was not shown, but: {self._shown!r}"
            if select.select([self._descriptor], [], [], 0.2)[0]:
                self._shown += os.read(self._descriptor, 4096).decode(errors="replace")
        self._shown = self._shown.partition(text)[2]

    def wait(self) -> int:
        """Wait until the program has ended; its exit code."""
        return self._process.wait(PATIENCE)


@contextmanager
def terminal(words: Sequence[str], directory: Path) -> Generator[Terminal]:
    """Run *words* in a new terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        words,
        cwd=directory,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**os.environ, "TERM": "dumb"},
        preexec_fn=lambda: _control(theirs),
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _control(descriptor: int) -> None:
    """Make the terminal the one whose Ctrl+C this process gets."""
    import fcntl
    import termios

    fcntl.ioctl(descriptor, termios.TIOCSCTTY, 0)
