"""The port for log sinks.

Law: core logs through ``logging.getLogger("velocious.<domain>")`` with ``%``-style arguments; an
environment decides where records go by installing its sink.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from logging import Handler


class LogSink(Protocol):
    """Where log records go: console and file on a server, the developer console in a browser."""

    def handlers(self, environment: str) -> list[Handler]:
        """The handlers to install on the ``velocious`` logger for *environment* (``"development"``,
        …).
        """
        ...

    def close(self) -> None: ...
