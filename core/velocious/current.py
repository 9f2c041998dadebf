"""What is current: the configuration of the process, or of the task.

Law: the last opened configuration is the process's; a task may run under another one with
:func:`use`. The process-wide value exists because callbacks that come from JavaScript see the
default context.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from velocious.errors import CurrentConfigurationNotSetError

if TYPE_CHECKING:
    from collections.abc import Generator

    from velocious.configuration import Configuration

_opened: list[Configuration] = []
_used: ContextVar[Configuration | None] = ContextVar("velocious_configuration", default=None)


def configuration() -> Configuration:
    """The configuration in use.

    Raises:
        CurrentConfigurationNotSetError: where none has been opened.
    """
    used = _used.get()
    if used is not None:
        return used
    if not _opened:
        raise CurrentConfigurationNotSetError
    return _opened[-1]


def push(opened: Configuration) -> None:
    """Make *opened* the process's configuration."""
    _opened.append(opened)


def remove(closed: Configuration) -> None:
    """Forget *closed*; the one opened before it is current again."""
    if closed in _opened:
        _opened.remove(closed)


@contextmanager
def use(chosen: Configuration) -> Generator[Configuration]:
    """Run the block, and the tasks started in it, under *chosen*."""
    token = _used.set(chosen)
    try:
        yield chosen
    finally:
        _used.reset(token)
