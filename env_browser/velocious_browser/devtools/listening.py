"""Tells the page which statements run, while its log shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious_browser.devtools.devtools import asking

if TYPE_CHECKING:
    from velocious.database.heard import Heard
    from velocious_browser.devtools.devtools import Devtools

#: What the page hears: ``app.subscribe("velocious:statement", …)``.
EVENT = "velocious:statement"
#: More values of a statement, or longer ones, are not shown.
MOST_VALUES, LONGEST_VALUE = 12, 60


async def statements(devtools: Devtools, wanted: bool) -> dict[str, Any]:
    """Begin, or end, to emit EVENT after each statement of the application, with ``database``,
    ``sql``, ``values`` (a text), ``milliseconds``, ``rows`` and ``failed``.
    """
    for end in devtools.deaf:
        end()
    devtools.deaf.clear()
    if wanted:
        databases = devtools.configuration.databases.values()
        devtools.deaf += [
            database.hear_statements(lambda heard: _tell(devtools, heard))
            for database in databases
            if database.is_here()
        ]
    return {"listening": wanted}


def _tell(devtools: Devtools, heard: Heard) -> None:
    if asking.get():
        return
    described = {
        "database": heard.database,
        "sql": heard.sql,
        "values": _values(heard),
        "milliseconds": heard.seconds * 1000,
        "rows": heard.rows,
        "failed": heard.failed,
    }
    devtools.host.emit(EVENT, described)


def _values(heard: Heard) -> str:
    shown = [_shortened(repr(value)) for value in heard.parameters[:MOST_VALUES]]
    more = len(heard.parameters) - len(shown)
    return ", ".join([*shown, *([f"and {more} more"] if more else [])])


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
