"""What is said where an optional package is not installed."""

from __future__ import annotations

from velocious.errors import NotAvailableHereError


def missing_package(what: str, extra: str) -> NotAvailableHereError:
    """The error for *what*, which comes with ``pip install 'velocious[extra]'``."""
    return NotAvailableHereError(
        what,
        environment="node",
        instead=f"Install its package: `pip install 'velocious[{extra}]'`.",
    )
