"""Warnings about migrations that would keep the users of a server waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.cli.command import Invocation
    from velocious.migration.lint import Complaint


def locks_matter(invocation: Invocation) -> bool:
    """Whether some database is one that the complaints are about."""
    databases = invocation.configuration.databases.values()
    return any(one.dialect.concurrent_indexes for one in databases)


def warn(invocation: Invocation, complaints: Iterable[Complaint]) -> None:
    """Write *complaints* as warnings."""
    for complaint in complaints:
        warning = invocation.output.style("Warning:", "yellow")
        invocation.output.error(f"{warning} {complaint.text}")


def show_complaints(invocation: Invocation, path: str) -> None:
    """Warn about the migration that was just written to *path*."""
    if not locks_matter(invocation):
        return
    from velocious.migration.lint import lint_text

    text = invocation.configuration.files.read_text(path)
    warn(invocation, lint_text(text, path.rpartition("/")[2]))
