"""Where the messages of Velocious go while a configuration is open."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError, suggestion

if TYPE_CHECKING:
    from velocious.logging import LogSink


class ApplicationLog:
    """Connects the logger ``velocious`` with *sink*, from :meth:`open` until :meth:`close`."""

    def __init__(self, sink: LogSink) -> None:
        self._sink = sink
        self._handlers: list[logging.Handler] = []

    def open(self, environment: str, level: int) -> None:
        """Log what is at least as severe as *level*, in the way of *environment*."""
        logger = logging.getLogger("velocious")
        logger.setLevel(level)
        self._handlers = self._sink.handlers(environment)
        for handler in self._handlers:
            logger.addHandler(handler)

    def close(self) -> None:
        """Write what waits, and let go of files; safe to call twice."""
        logger = logging.getLogger("velocious")
        for handler in self._handlers:
            logger.removeHandler(handler)
            handler.close()
        self._handlers = []
        self._sink.close()


def parse_log_level(name: str) -> int:
    """The number of the level *name*. Raises ConfigurationError with close matches."""
    levels = logging.getLevelNamesMapping()
    level = levels.get(name.upper())
    if level is None:
        known = sorted(level.lower() for level in levels)
        raise ConfigurationError(f"There is no log level {name!r}. {suggestion(name, known)}")
    return level
