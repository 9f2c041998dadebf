"""Records on PostgreSQL and SQLAlchemy on SQLite agree: the same rows, the same answers.

The oracle keeps its own copy of the rows. What PostgreSQL stores in another way is kept out of the
values: digits behind a column's scale, whole numbers beyond INTEGER, sums beyond a float.
"""

from __future__ import annotations

import asyncio
import tempfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.differential import test_queries as shared
from tests.differential import values
from tests.differential.answers import Answers
from tests.differential.engines import ENGINES, Place
from tests.differential.joined import Tables
from tests.differential.oracle import Oracle
from tests.differential.project import Project, migration, models
from velocious.migration import Migrator, column_options, reference, table
from velocious.testing.environment import environment_called
from velocious.testing.migrations import ListedMigrations

if TYPE_CHECKING:
    from tests.differential.data import Rows
    from tests.differential.queries import Asked
    from tests.differential.schema import Schema
    from velocious.sql.definitions import ColumnDefinition

EXAMPLES = 40
DECIMALS = {
    2: ("0.00", "1.10", "-1.10", "9.99", "10.00", "999999.99"),
    10: (
        "0.0000000000",
        "1.5000000000",
        "12345678901234567890.0000000001",
        "12345678901234567890.0000000002",
        "-12345678901234567890.5000000000",
    ),
}
FLOATS = (0.0, 0.1, 0.2, 0.30000000000000004, 1.0, -1.5, 123456.789, 1e22)


@pytest.fixture
def storable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values that both databases store alike; whole numbers in 64 bits."""
    made = column_options.column_definition

    def wide(name: str, kind: str, options: Any) -> ColumnDefinition:
        return made(name, "bigint" if kind == "integer" else kind, options)

    monkeypatch.setattr(values, "DECIMALS", DECIMALS)
    monkeypatch.setitem(values.VALUES, "float", FLOATS)
    monkeypatch.setattr(table, "column_definition", wide)
    monkeypatch.setattr(reference, "column_definition", wide)


def test_records_on_postgresql_answer_as_the_oracle_does(storable: None) -> None:
    # Says now, and not in each example, that there is no server.
    environment_called("node-postgresql")

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        # A smaller case would cost minutes on a server; the question is in the note of the failure.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(shared.cases())
    def agree(case: tuple[Schema, Rows, bool, list[Asked]]) -> None:
        schema, rows, _, asked = case
        with tempfile.TemporaryDirectory(prefix="velocious-differential-") as directory:
            asyncio.run(compare(ENGINES["sqlite"](directory), schema, rows, asked))

    agree()


async def compare(oracle: Place, schema: Schema, rows: Rows, asked: list[Asked]) -> None:
    """Give both sides the rows, and ask both every question."""
    tables, classes = Tables(schema), models(schema)
    tables.all[0].metadata.create_all(oracle.engine)
    with oracle.engine.begin() as connection:
        shared._write(tables, rows, connection)
    databases: Any = environment_called("node-postgresql").databases
    async with databases.fresh("") as url:
        place = Place(url, oracle.engine)
        async with shared._configuration(place) as preparing:
            await Migrator(preparing, provider=ListedMigrations([migration(schema)])).migrate()
        async with shared._configuration(place, models=classes):
            await shared._create(classes, rows)
            with oracle.engine.connect() as connection:
                answers = Answers(Project(schema, classes), Oracle(tables, connection))
                await shared._compare_rows(answers, rows)
                for one in asked:
                    await answers.compare(one)
    # Each example has an event loop of its own.
    await databases.close()
