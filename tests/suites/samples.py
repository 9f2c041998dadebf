"""A model with a column of most types, for suites that give it validations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.suites.models import Project
from velocious.record import Record, belongs_to

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE samples (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  text TEXT, number INTEGER, rate REAL, price DECIMAL_TEXT(8, 2), flag BOOLEAN, day DATE,
  instant DATETIME, data JSON_TEXT, bytes BLOB, project_id INTEGER
);
CREATE TABLE projects (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT NOT NULL,
  account_id INTEGER, position INTEGER);
"""


def sample_model(*validations: Any) -> Any:
    class Sample(Record):
        project = belongs_to(Project)

    Sample._definition.validators += [one for given in validations for one in given]
    return Sample


async def codes(environment: TestEnvironment, validations: list[Any], **attributes: Any) -> Any:
    """The codes that *validations* report for a sample with *attributes*, by attribute."""
    model = sample_model(validations)
    async with environment.application(models=[model, Project], schema=SCHEMA):
        record = model(**attributes)
        valid = await record.is_valid()
        assert valid == (len(record.errors) == 0)
        return {error.attribute: record.errors.codes(error.attribute) for error in record.errors}
