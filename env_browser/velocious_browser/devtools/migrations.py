"""Which migrations have run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from velocious_browser.devtools.devtools import Devtools


async def migrations(devtools: Devtools) -> list[dict[str, Any]]:
    """Every migration that exists or has run, the newest first, as ``db:status`` lists them."""
    from velocious.migration import Migrator

    statuses = await Migrator(devtools.configuration).status()
    return [
        {
            "database": status.database,
            "version": status.version,
            "name": status.name,
            "state": status.state,
            "applied_at": status.applied_at,
            "edited": status.edited,
            "out_of_order": status.out_of_order,
        }
        for status in reversed(statuses)
    ]
