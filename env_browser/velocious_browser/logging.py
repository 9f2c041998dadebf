"""Log records go to the page's developer console, each with its level."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious_browser.interop import Host

FORMAT = "%(name)s: %(message)s"


class ConsoleLogSink:
    """The log sink of the browser: one handler, the same in every environment."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def handlers(self, environment: str) -> list[logging.Handler]:
        handler = ConsoleHandler(self._host)
        handler.setFormatter(logging.Formatter(FORMAT))
        return [handler]

    def close(self) -> None:
        """The console stays open as long as the page."""


class ConsoleHandler(logging.Handler):
    """Writes records to the developer console."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host = host

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._host.log(console_level(record.levelno), self.format(record))
        except Exception:
            # The customary last resort of log handlers: report on stderr, do not break the program.
            self.handleError(record)


def console_level(level: int) -> str:
    """The console's name for a level of the logging module."""
    if level >= logging.ERROR:
        return "error"
    if level >= logging.WARNING:
        return "warning"
    return "info" if level >= logging.INFO else "debug"
