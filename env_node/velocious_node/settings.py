"""What a server process may be told about itself: how it logs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogSettings:
    """Where a server process logs.

    Attributes:
        console: write to standard error; None means everywhere but in the environment "test".
        file: write to ``log/<environment>.log`` of the application.
        max_bytes: how large that file grows before it is renamed to ``….log.1``.
        backups: how many renamed files are kept.
    """

    console: bool | None = None
    file: bool = True
    max_bytes: int = 20_000_000
    backups: int = 3
