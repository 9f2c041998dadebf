"""What code prints while a command runs, sent to the command's output.

Law: only the task that asked for it, and the tasks it starts, are redirected; everybody else prints
where they always did.
"""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator

    from velocious.cli.output import Output

_target: ContextVar[Output | None] = ContextVar("velocious_printed", default=None)
_installed: list[PrintedStream] = []


class PrintedStream(io.TextIOBase):
    """Standard output while commands run: the task's output, else the stream that was there."""

    def __init__(self, original: Any) -> None:
        super().__init__()
        self.original = original
        self.users = 0

    def write(self, text: str) -> int:
        target = _target.get()
        if target is None:
            return int(self.original.write(text))
        target.raw(text)
        return len(text)

    def flush(self) -> None:
        self.original.flush()

    def writable(self) -> bool:
        return True

    def __getattr__(self, name: str) -> Any:
        return getattr(self.original, name)


@contextmanager
def printed_to(output: Output) -> Generator[None]:
    """Send what this task prints to *output*, for the duration of the block."""
    stream = _install()
    token = _target.set(output)
    try:
        yield
    finally:
        _target.reset(token)
        _uninstall(stream)


def _install() -> PrintedStream:
    if not _installed:
        _installed.append(PrintedStream(sys.stdout))
        sys.stdout = _installed[0]
    _installed[0].users += 1
    return _installed[0]


def _uninstall(stream: PrintedStream) -> None:
    stream.users -= 1
    if not stream.users:
        _installed.remove(stream)
        sys.stdout = stream.original
