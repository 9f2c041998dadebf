"""Values that are unique among the rows that are not deleted: the validation, and the index that
keeps it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from velocious.errors import QueryError, UniqueConstraintError, ValidationError
from velocious.migration import Migration
from velocious.record import SoftDelete, validates

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment


class CreateHandles(Migration):
    async def up(self) -> None:
        async with self.create_table("handles") as table:
            table.string("name", null=False)
            table.datetime("deleted_at")
        await self.add_index("handles", "name", unique=True, where="deleted_at IS NULL")


class Handle(SoftDelete):
    id: Any
    name: Any
    validations = [validates("name", uniqueness=True)]


@pytest.fixture
async def handles(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    environment.needs("partial_indexes")
    models, schema = [Handle], [CreateHandles]
    async with environment.application(models=models, schema=schema) as configuration:
        yield configuration


async def test_a_deleted_row_gives_its_value_free(handles: Configuration) -> None:
    first = await Handle.create(name="ada")
    with pytest.raises(ValidationError):
        await Handle.create(name="ada")
    await first.destroy()
    second = await Handle.create(name="ada")
    await second.destroy()
    third = await Handle.find_or_create_by({"name": "ada"})
    assert len({first.id, second.id, third.id}) == 3
    assert await Handle.with_deleted().where(name="ada").count() == 3


async def test_the_index_decides_where_the_validation_was_not_asked(
    handles: Configuration,
) -> None:
    await Handle.create(name="ada")
    with pytest.raises(UniqueConstraintError):
        await Handle(name="ada").save(validate=False)
    with pytest.raises(UniqueConstraintError):
        await Handle.insert_multiple(["name"], [["ada"]])
    assert await Handle.count() == 1


async def test_a_value_that_was_given_away_keeps_a_row_deleted(handles: Configuration) -> None:
    first = await Handle.create(name="ada")
    await first.destroy()
    await Handle.create(name="ada")
    with pytest.raises(UniqueConstraintError):
        await first.restore_deleted()
    assert first.is_destroyed
    assert await Handle.only_deleted().count() == 1
    await first.assign(name="bea").restore_deleted()
    assert await Handle.order("name").pluck("name") == ["ada", "bea"]


async def test_an_upsert_needs_an_index_of_all_rows(handles: Configuration) -> None:
    with pytest.raises(QueryError, match=r"\[name\] only where deleted_at IS NULL"):
        await Handle.upsert_all([{"name": "ada"}], conflict=["name"])
