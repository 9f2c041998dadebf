"""SQL that somebody typed: its rows, what it changed, how the database would go about it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from velocious.cli.statement import is_read
from velocious.sql.inference import encode_by_type
from velocious_browser.devtools.cells import given, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious_browser.devtools.devtools import Devtools


async def sql(
    devtools: Devtools,
    sql: str,
    parameters: Sequence[Any] = (),
    database: str = "default",
    limit: int | None = None,
    whole: bool = False,
) -> dict[str, Any]:
    """Run one statement with a value for each ``?`` of it.

    The answer has ``columns`` and ``rows`` (*limit* of them at most; ``count`` are all), or
    ``changed``: how many rows it changed, None where the database does not say. With *whole* long
    values are not cut.
    """
    chosen = devtools.configuration.database(database)
    bound = [encode_by_type(given(cell), chosen.dialect) for cell in parameters]
    text = sql.strip().rstrip(";")
    began = time.perf_counter()
    changed: int | None = None
    if is_read(text):
        names, rows = await chosen.fetch_described(text, bound)
    else:
        result = await chosen.execute(text, bound, unbounded=True)
        # It may have changed tables.
        chosen.forget_schema()
        rows, changed = result.rows, result.rowcount if result.rowcount >= 0 else None
        names = [f"column {place}" for place in range(1, len(rows[0]) + 1)] if rows else []
    return {
        "columns": names,
        "rows": [[shown(value, whole=whole) for value in row] for row in rows[:limit]],
        "count": len(rows),
        "changed": changed,
        "reads": is_read(text),
        "milliseconds": (time.perf_counter() - began) * 1000,
    }


async def explain(
    devtools: Devtools, sql: str, parameters: Sequence[Any] = (), database: str = "default"
) -> list[dict[str, Any]]:
    """The database's plan for a statement, which is not run: its steps, and how deep each lies."""
    chosen = devtools.configuration.database(database)
    bound = [encode_by_type(given(cell), chosen.dialect) for cell in parameters]
    rows = await chosen.fetch(chosen.dialect.explain + sql.strip().rstrip(";"), bound)
    depths = {0: -1}
    for number, parent, *_ in rows:
        depths[number] = depths.get(parent, -1) + 1
    return [{"depth": depths[row[0]], "text": str(row[-1])} for row in rows]
