"""Tells the page what was committed, here or in another tab, while its panel is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from velocious.database.changes import Change
    from velocious_browser.devtools.devtools import Devtools

#: What the page hears: ``app.subscribe("velocious:changes", …)``.
EVENT = "velocious:changes"


async def follow(devtools: Devtools, wanted: bool) -> dict[str, Any]:
    """Begin, or end, to emit EVENT after each commit, with ``database`` and ``tables``; null in
    either place stands for all of them.
    """
    if wanted and devtools.unfollow is None:
        devtools.unfollow = devtools.configuration.changes.subscribe(
            lambda change: devtools.host.emit(EVENT, _described(change))
        )
    elif not wanted and devtools.unfollow is not None:
        devtools.unfollow()
        devtools.unfollow = None
    return {"following": wanted}


def _described(change: Change) -> dict[str, Any]:
    tables = None if change.tables is None else sorted(change.tables)
    return {"database": change.database, "tables": tables}
