"""Log records go to standard error and to ``log/<environment>.log``.

Law: a log that cannot be written is an error when it is opened, never a silent loss; the values of
secrets never reach it.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from typing import TextIO

from velocious.errors import PlatformError
from velocious_node.redaction import redact
from velocious_node.settings import LogSettings

FILE_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
CONSOLE_FORMAT = "%(levelname)s %(name)s: %(message)s"


class NodeLogSink:
    """The log sink of a server process for the application at *directory* (None: console only)."""

    def __init__(self, directory: str | None, settings: LogSettings | None = None) -> None:
        self._directory = directory
        self._settings = settings or LogSettings()

    def handlers(self, environment: str) -> list[logging.Handler]:
        handlers: list[logging.Handler] = []
        if self._wants_console(environment):
            handlers.append(self._console_handler())
        if self._directory is not None and self._settings.file:
            handlers.append(self._file_handler(self._directory, environment))
        return handlers

    def close(self) -> None:
        """Nothing is shared between the handlers; the configuration closes each of them."""

    def _wants_console(self, environment: str) -> bool:
        chosen = self._settings.console
        return environment != "test" if chosen is None else chosen

    def _file_handler(self, directory: str, environment: str) -> logging.Handler:
        path = os.path.join(os.path.abspath(directory), "log", f"{environment}.log")
        _check_writable(path)
        handler = RotatingFileHandler(
            path,
            maxBytes=self._settings.max_bytes,
            backupCount=self._settings.backups,
            encoding="utf-8",
            delay=True,
        )
        handler.setFormatter(self._formatter(FILE_FORMAT))
        return handler

    def _console_handler(self) -> logging.Handler:
        handler = StandardErrorHandler()
        handler.setFormatter(self._formatter(CONSOLE_FORMAT))
        return handler

    def _formatter(self, text_format: str) -> logging.Formatter:
        if self._settings.format == "json":
            return JsonFormatter()
        return RedactingFormatter(text_format)


class RedactingFormatter(logging.Formatter):
    """Formats a record, its exception included, without the values of secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON, without the values of secrets."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": redact(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class StandardErrorHandler(logging.StreamHandler[TextIO]):
    """Writes to whatever standard error is at the moment, as tests and shells replace it."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def _check_writable(path: str) -> None:
    folder = os.path.dirname(path)
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error.strerror) from error
    if not os.access(path if os.path.exists(path) else folder, os.W_OK):
        raise _unwritable(path, "no permission to write")


def _unwritable(path: str, reason: str | None) -> PlatformError:
    return PlatformError(
        f"The log file {path!r} cannot be written ({reason}). Make its directory writable, or log "
        "to the console only: NodeEnvironmentHandler(log=LogSettings(file=False))."
    )
