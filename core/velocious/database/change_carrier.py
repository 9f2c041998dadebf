"""The port that takes notice of changes to others who use the same databases, and brings theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class ChangeCarrier(Protocol):
    """Carries text to all others with the same application: other tabs, other processes.

    Nobody gets what they sent themselves. What is lost on the way is made up for by
    ``configuration.changes.everything()``.
    """

    def open(self, receive: Callable[[str], None]) -> None:
        """Call *receive* with what others send, on the event loop, until :meth:`close`."""
        ...

    def send(self, text: str) -> None:
        """Send *text* to the others; waits for nothing."""
        ...

    def close(self) -> None: ...
