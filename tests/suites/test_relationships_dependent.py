"""What becomes of the records that point at one that is destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Comment, Project, ProjectDetail, Task
from velocious.errors import DeleteRestrictedError, ForeignKeyConstraintError
from velocious.record import Record, before_destroy, has_many, has_one
from velocious.record.model_type import ModelType

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE owners (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL);
CREATE TABLE things (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT,
  owner_id INTEGER REFERENCES owners (id));
CREATE TABLE others (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT,
  owner_id INTEGER REFERENCES owners (id));
"""


class Thing(Record):
    id: Attribute[int]
    name: Attribute[str]
    owner_id: Attribute[Any]
    destroyed: list[str] = []

    @before_destroy
    def note(self) -> None:
        self.destroyed.append(self.name)
        if self.name == "stubborn":
            raise ValueError("stubborn things stay")


class Other(Record):
    id: Attribute[int]


def owner_with(**relationships: Any) -> Any:
    members: dict[str, Any] = {"__module__": __name__, **relationships}
    return ModelType("Owner", (Record,), members)


@pytest.fixture(autouse=True)
def nothing_destroyed() -> None:
    Thing.destroyed.clear()


async def test_destroy_destroys_each_with_callbacks_through_all_levels(
    tracker: Configuration,
) -> None:
    project = await Project.create(name="Apollo", detail=ProjectDetail(body="x"))
    task = await project.tasks.create(name="a")
    await Comment.create(task_id=task.id)
    await Task.create(name="elsewhere")
    await project.destroy()
    assert await Project.count() == await Comment.count() == await ProjectDetail.count() == 0
    assert await Task.pluck("name") == ["elsewhere"]


async def test_delete_deletes_without_callbacks(environment: TestEnvironment) -> None:
    owner_model = owner_with(things=has_many("Thing", dependent="delete"))
    async with environment.application(models=[owner_model, Thing], schema=SCHEMA):
        owner = await owner_model.create(things=[Thing(name="a"), Thing(name="b")])
        await Thing.create(name="free")
        await owner.destroy()
        assert await Thing.pluck("name") == ["free"]
        assert Thing.destroyed == []


async def test_nullify_lets_them_go(environment: TestEnvironment) -> None:
    owner_model = owner_with(things=has_many("Thing", dependent="nullify"))
    async with environment.application(models=[owner_model, Thing], schema=SCHEMA):
        owner = await owner_model.create(things=[Thing(name="a"), Thing(name="b")])
        await owner.destroy()
        assert await Thing.pluck("name", "owner_id") == [("a", None), ("b", None)]


async def test_nullify_of_a_scoped_relationship_touches_only_its_scope(
    environment: TestEnvironment,
) -> None:
    owner_model = owner_with(
        things=has_many("Thing", lambda things: things.where(name="a"), dependent="nullify"),
        rest=has_many("Thing", dependent="delete"),
    )
    async with environment.application(models=[owner_model, Thing], schema=SCHEMA):
        owner = await owner_model.create()
        await Thing.create(name="a", owner_id=owner.id)
        await Thing.create(name="b", owner_id=owner.id)
        await owner.destroy()
        assert await Thing.pluck("name", "owner_id") == [("a", None)]


async def test_restrict_refuses_before_anything_is_destroyed(environment: TestEnvironment) -> None:
    owner_model = owner_with(
        things=has_many("Thing", dependent="destroy"),
        others=has_many("Other", dependent="restrict"),
    )
    async with environment.application(models=[owner_model, Thing, Other], schema=SCHEMA):
        owner = await owner_model.create(things=[Thing(name="a")], others=[Other()])
        with pytest.raises(
            DeleteRestrictedError, match="Cannot delete Owner because 1 dependent others exist"
        ):
            await owner.destroy()
        assert Thing.destroyed == []
        assert owner.is_persisted
        await Other.delete_all()
        await owner.destroy()
        assert await Thing.count() == 0


async def test_a_has_one_is_destroyed_too(environment: TestEnvironment) -> None:
    owner_model = owner_with(thing=has_one("Thing", dependent="destroy"))
    async with environment.application(models=[owner_model, Thing], schema=SCHEMA):
        owner = await owner_model.create(thing=Thing(name="a"))
        await owner.destroy()
        assert Thing.destroyed == ["a"]
        assert await Thing.count() == 0


async def test_a_failing_dependent_keeps_everything(environment: TestEnvironment) -> None:
    owner_model = owner_with(things=has_many("Thing", dependent="destroy"))
    async with environment.application(models=[owner_model, Thing], schema=SCHEMA):
        owner = await owner_model.create(things=[Thing(name="a"), Thing(name="stubborn")])
        with pytest.raises(ValueError, match="stubborn things stay"):
            await owner.destroy()
        assert await Thing.count() == 2
        assert owner.is_persisted
        assert await owner.reload() == owner


async def test_without_a_rule_the_foreign_key_refuses(environment: TestEnvironment) -> None:
    owner_model = owner_with(things=has_many("Thing"))
    async with environment.application(models=[owner_model, Thing], schema=SCHEMA):
        owner = await owner_model.create(things=[Thing(name="a")])
        with pytest.raises(ForeignKeyConstraintError, match="other rows still point at it"):
            await owner.destroy()
        assert owner.is_persisted
        assert await owner_model.count() == 1
