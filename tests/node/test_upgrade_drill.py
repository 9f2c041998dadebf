"""The day an application outgrows SQLite: 30 migrations, many rows, a kill in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.node.application import PROGRAM
from tests.node.copies import empty_database, opened

if TYPE_CHECKING:
    from pathlib import Path

    from tests.node.application import GeneratedApplication

MIGRATIONS = 30
HEAD = """from velocious.migration import Migration


class {name}(Migration):
    async def up(self):
"""
TABLE = """        async with self.create_table("parts_{number}") as t:
            t.string("name", null=False)
            t.decimal("price", precision=12, scale=2)
            t.datetime("sold_at")
            t.json("details")
            t.boolean("done", null=False, default=False)
            {reference}
            t.timestamps()
        await self.add_index("parts_{number}", ["name"])

    async def down(self):
        await self.drop_table("parts_{number}")
"""
COLUMN = """        await self.add_column("parts_{number}", "notes", "text")

    async def down(self):
        await self.remove_column("parts_{number}", "notes")
"""
FILL = """
from datetime import UTC, datetime, timedelta
database = configuration.database()
begin = datetime(2024, 1, 1)
for table in range({tables}):
    marks = ", ".join("?" * 7)
    refers = ", part_id" if table else ", notes"
    await database.execute_many(
        f"INSERT INTO parts_{{table}} (name, price, sold_at, details, done, created_at, updated_at"
        f"{{refers}}) VALUES ({{marks}}, ?)",
        (
            (
                f"Part {{row}} – ü", f"{{row}}.{{row % 100:02}}",
                str(begin + timedelta(seconds=row)),
                '{{"row": %d, "tags": ["a", "b"]}}' % row, row % 2, "2024-01-01 00:00:00.000000",
                "2024-01-01 00:00:00.000000", row if table else "x",
            )
            for row in range(1, {rows} + 1)
        ),
    )
"""


def write_migrations(application: GeneratedApplication) -> int:
    """Half of them make tables, each pointing at the one before it, half add columns."""
    tables = MIGRATIONS // 2
    for number in range(MIGRATIONS):
        table = number // 2
        target = f'"part", foreign_key="parts_{table - 1}"' if table else ""
        reference = f"t.references({target})" if table else ""
        body = COLUMN if number % 2 else TABLE
        text = HEAD.format(name=f"Step{number}") + body.format(number=table, reference=reference)
        application.write(f"app/db/migrations/202601010000{number:02}_step{number}.py", text)
    return tables


async def move_up(application: GeneratedApplication, place: str, rows: int, other: Path) -> None:
    tables = write_migrations(application)
    await application.done("db:migrate")
    await application.done("runner", FILL.format(tables=tables, rows=rows // tables))
    async with empty_database(place, other) as url:
        kill_in_the_middle(application, url)
        text = await application.done("db:copy", "--to", url)
        assert f"Copied {rows // tables * tables:,} rows of {tables} tables" in text
        async with opened(url) as target:
            newest = await target.fetch("SELECT COUNT(*), MAX(version) FROM schema_migrations")
            assert newest == [(MIGRATIONS, "20260101000029")]
        code, text = await application.line("db:copy", "--from", url, "--to", "default")
        assert code == 1
        assert "The target has rows already" in text


def kill_in_the_middle(application: GeneratedApplication, url: str) -> None:
    """Start the copy, and kill the program when it has stored its first table."""
    process = subprocess.Popen(
        [*PROGRAM, "db:copy", "--to", url],
        cwd=application.directory,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "VELOCIOUS_ENV": ""},
    )
    assert process.stderr is not None
    with process.stderr:
        for line in process.stderr:
            if "Copying parts_0 " in line:
                break
        time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("place", ["node-mariadb", "node-postgresql"])
@pytest.mark.parametrize("rows", [5_000, pytest.param(200_000, marks=pytest.mark.drill)])
async def test_an_application_moves_up_from_sqlite(
    generated: GeneratedApplication, place: str, rows: int, tmp_path: Path
) -> None:
    await move_up(generated, place, rows, tmp_path / "other")
