"""Records and SQLAlchemy agree on random questions to random tables."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.differential.answers import Answers, exact
from tests.differential.asking import questions
from tests.differential.data import rows
from tests.differential.engines import BITS, ENGINES, environment_of, opened
from tests.differential.joined import Tables
from tests.differential.oracle import Oracle
from tests.differential.project import Project, migration, models
from tests.differential.queries import Question
from tests.differential.schema import schemas
from velocious import Configuration
from velocious.migration import Migrator
from velocious.testing.migrations import ListedMigrations
from velocious.testing.plugin import run

if TYPE_CHECKING:
    from tests.differential.data import Rows
    from tests.differential.engines import Place
    from tests.differential.queries import Asked
    from tests.differential.schema import Schema
    from velocious.testing.environment import TestEnvironment

#: How many cases `make test` compares; those of servers take longer.
EXAMPLES = {"sqlite": 60, "postgresql": 40, "mariadb": 40}
DRILLS, DRILLED = 20, 100


@st.composite
def cases(draw: st.DrawFn, bits: int) -> tuple[Schema, Rows, bool, list[Asked]]:
    """Tables, their rows, whether records write them, and questions."""
    schema, random = draw(schemas(bits)), draw(st.randoms(use_true_random=True))
    return schema, rows(random, schema), random.random() < 0.5, questions(random, schema)


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_records_and_sqlalchemy_agree(engine: str) -> None:
    agree_on(engine, EXAMPLES[engine])


@pytest.mark.drill
@pytest.mark.parametrize("number", range(DRILLS))
@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_records_and_sqlalchemy_agree_on_many(engine: str, number: int) -> None:
    agree_on(engine, DRILLED, number)


def agree_on(engine: str, examples: int, number: int | None = None) -> None:
    """Compare *examples* cases: always the same ones, or those that the seed *number* makes."""
    environment = environment_of(engine)

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=number is None,
        print_blob=True,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
        ],
    )
    @given(cases(BITS[engine]))
    def agree(case: tuple[Schema, Rows, bool, list[Asked]]) -> None:
        run(compare(environment, *case))

    (agree if number is None else seed(number)(agree))()


async def compare(
    environment: TestEnvironment, schema: Schema, rows: Rows, by_records: bool, asked: list[Asked]
) -> None:
    """Make the tables, write the rows, and ask both sides every question."""
    async with opened(environment) as place:
        tables, classes = Tables(schema, place), models(schema)
        async with _configuration(environment, place) as preparing:
            await Migrator(preparing, provider=ListedMigrations([migration(schema)])).migrate()
        async with _configuration(environment, place, models=classes):
            if by_records:
                await _create(classes, rows)
            else:
                await _write(tables, rows, place)
            answers = Answers(Project(schema, classes), Oracle(tables, place))
            await _compare_rows(answers, rows)
            for one in asked:
                await answers.compare(one)


def _configuration(environment: TestEnvironment, place: Place, **options: Any) -> Configuration:
    return Configuration(
        environment_handler=environment.handler(),
        environment="test",
        databases={"default": place.settings},
        **options,
    )


async def _write(tables: Tables, rows: Rows, place: Place) -> None:
    for table, lines in zip(tables.all, rows, strict=True):
        if lines:
            await place.execute(table.insert(), list(lines))


async def _create(models: list[Any], rows: Rows) -> None:
    for model, lines in zip(models, rows, strict=True):
        if lines:
            await model.insert_multiple(list(lines[0]), [list(row.values()) for row in lines])


async def _compare_rows(answers: Answers, rows: Rows) -> None:
    """Both sides read every row as it was made up."""
    for index, lines in enumerate(rows):
        names = list(answers.schema.columns(index))
        expected = Counter(exact(row[name] for name in names) for row in lines)
        places = [((), name) for name in names]
        read = await answers.oracle.rows(Question(index), places)
        assert Counter(map(exact, read)) == expected
        records = await answers.project.models[index].to_list()
        found = Counter(exact(record.read(name) for name in names) for record in records)
        assert found == expected
