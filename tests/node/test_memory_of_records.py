"""What a hydrated record costs beside the row it is made of."""

from __future__ import annotations

import gc
import tracemalloc
from typing import TYPE_CHECKING

from velocious import Configuration
from velocious.record import Record
from velocious_node import NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

ROWS = 100_000
#: What records may cost, as a multiple of the raw tuples.
MOST = 1.6
COLUMNS = "project_id, name, notes, done, position, created_at, updated_at"
SCHEMA = f"""
CREATE TABLE measured_rows (
  id INTEGER PRIMARY KEY, project_id INTEGER, name TEXT, notes TEXT, done BOOLEAN,
  position INTEGER, created_at DATETIME, updated_at DATETIME
);
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ROWS})
INSERT INTO measured_rows (id, {COLUMNS})
SELECT n, n % 500 + 1000, 'task ' || n, 'notes of ' || n, 0, n + 1000,
  '2026-11-21 08:00:00.000000', '2026-11-21 08:00:00.000000' FROM numbers;
"""


class MeasuredRow(Record):
    """A row of eight columns."""


async def bytes_of(make: Callable[[], Awaitable[list[object]]]) -> int:
    """What the result of *make* keeps in memory."""
    await make()
    gc.collect()
    tracemalloc.start()
    try:
        kept = await make()
        gc.collect()
        size, _ = tracemalloc.get_traced_memory()
        assert len(kept) == ROWS
        return size
    finally:
        tracemalloc.stop()


async def test_records_cost_little_more_than_their_rows(tmp_path: Path) -> None:
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(),
        environment="test",
        databases={"default": f"sqlite:///{tmp_path}/rows.sqlite3"},
        models=[MeasuredRow],
    )
    async with configuration:
        database = configuration.database()
        await database.execute_script(SCHEMA)
        database.forget_schema()

        async def raw() -> list[object]:
            return list(await database.fetch(f"SELECT id, {COLUMNS} FROM measured_rows"))

        async def records() -> list[object]:
            return list(await MeasuredRow.to_list())

        ratio = await bytes_of(records) / await bytes_of(raw)
    assert ratio <= MOST
