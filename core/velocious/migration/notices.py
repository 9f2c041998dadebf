"""What is odd about the migrations of a database, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.migration.events import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.migration.events import MigrationStatus


def notices(statuses: Iterable[MigrationStatus]) -> list[Notice]:
    """A notice for each migration that is not as it should be."""
    return [notice for status in statuses if (notice := _notice(status)) is not None]


def _notice(status: MigrationStatus) -> Notice | None:
    file = f"{status.version}_{status.name}.py"
    if status.edited:
        kind = "edited"
        text = (
            f"{file} has been edited since it ran on {status.database!r}: what it says now was not "
            "done there. Write a new migration for the change, or undo it and run it again."
        )
    elif status.state == "missing":
        kind = "missing"
        text = (
            f"{file} has run on {status.database!r}, but the file is missing. Bring it back from "
            "version control."
        )
    elif status.out_of_order:
        kind = "out of order"
        text = (
            f"{file} has not run on {status.database!r}, although newer ones have. It runs now, "
            "after them: see that it does not rely on the order."
        )
    else:
        return None
    return Notice(kind, status.database, status.version, status.name, text)
