"""Nested attributes: related records made, changed and destroyed with their owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from velocious.errors import (
    ConfigurationError,
    RecordNotFoundError,
    UnknownAttributeError,
    UnknownRelationshipError,
    UnsupportedValueError,
    ValidationError,
)
from velocious.record import (
    Record,
    accepts_nested_attributes_for,
    after_save,
    belongs_to,
    has_many,
    has_one,
    validates,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE owners (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT);
CREATE TABLE plans (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT, owner_id INTEGER);
CREATE TABLE steps (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT, plan_id INTEGER);
CREATE TABLE parts (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT, step_id INTEGER);
CREATE TABLE covers (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT, plan_id INTEGER);
"""


class Owner(Record):
    id: Attribute[int]
    name: Attribute[str]


class Plan(Record):
    id: Attribute[int]
    name: Attribute[str]
    owner_id: Attribute[int | None]
    owner = belongs_to("Owner")
    steps = has_many("Step")
    cover = has_one("Cover")
    steps_attributes = accepts_nested_attributes_for(
        "steps", allow_destroy=True, limit=3, reject_if="all_blank"
    )
    cover_attributes = accepts_nested_attributes_for("cover", allow_destroy=True)
    owner_attributes = accepts_nested_attributes_for("owner", allow_destroy=True)
    wrong_attributes = accepts_nested_attributes_for("step")

    @after_save
    def refuse(self) -> None:
        if self.name == "refused":
            raise ZeroDivisionError


class Step(Record):
    id: Attribute[int]
    name: Attribute[str]
    plan = belongs_to("Plan")
    parts = has_many("Part")
    parts_attributes = accepts_nested_attributes_for(
        "parts", reject_if=lambda attributes: attributes.get("name") == "skip"
    )
    validations = [validates("name", presence=True), validates("plan_id", presence=True)]


class Part(Record):
    name: Attribute[str]
    step = belongs_to("Step")
    validations = [validates("name", length={"maximum": 5})]


class Cover(Record):
    id: Attribute[int]
    name: Attribute[str]
    plan = belongs_to("Plan")


@pytest.fixture
async def plans(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    models = [Owner, Plan, Step, Part, Cover]
    async with environment.application(models=models, schema=SCHEMA) as configuration:
        yield configuration


async def names() -> list[Any]:
    return await Step.order("id").pluck("name")


async def test_records_are_made_with_their_owner(plans: Configuration) -> None:
    plan = await Plan.create(
        name="House", steps_attributes=[{"name": "Dig"}, {"name": "Build"}, {"name": " "}]
    )
    assert [step.name for step in plan.steps] == ["Dig", "Build"]
    assert await Step.where(plan=plan).count() == 2


async def test_records_are_made_changed_and_destroyed_at_once(plans: Configuration) -> None:
    plan = await Plan.create(name="House", steps_attributes=[{"name": "Dig"}, {"name": "Build"}])
    for query in (Plan.all(), Plan.preload("steps")):
        stored = await query.find(plan.id)
        first, second = await Step.where(plan=plan).order("id").ids()
        await stored.update(
            steps_attributes={
                "0": {"id": str(first), "name": "Dig deep"},
                "1": {"id": second, "_destroy": "1"},
                "2": {"name": "Paint"},
            }
        )
        assert await names() == ["Dig deep", "Paint"]
        assert sorted(step.name for step in await stored.steps) == ["Dig deep", "Paint"]


async def test_a_change_alone_reaches_the_row(plans: Configuration) -> None:
    plan = await Plan.create(name="House", steps_attributes=[{"name": "Dig"}])
    stored = await Plan.find(plan.id)
    stored.assign(steps_attributes=[{"id": plan.steps[0].id, "name": "Rest"}])
    assert await names() == ["Dig"]
    await stored.save()
    assert await names() == ["Rest"]
    await stored.update(steps_attributes=[{"id": plan.steps[0].id, "_destroy": True}])
    assert await names() == []


async def test_what_is_wrong_is_reported_by_the_owner(plans: Configuration) -> None:
    plan = await Plan.create(name="House", steps_attributes=[{"name": "Dig"}])
    with pytest.raises(ValidationError, match="name can't be blank"):
        await plan.update(name="Changed", steps_attributes=[{"id": plan.steps[0].id, "name": ""}])
    assert plan.errors.codes("steps.name") == ["blank"]
    assert await Plan.pluck("name") == ["House"]
    plan.steps[0].name = "Better"
    await plan.update(steps_attributes=[{"id": plan.steps[0].id, "name": "Best"}])
    assert await names() == ["Best"]
    with pytest.raises(ValidationError):
        await Plan.create(
            name="New", steps_attributes=[{"name": "ok"}, {"parts_attributes": [{"name": "p"}]}]
        )
    assert await Plan.count() == 1


async def test_attributes_nest_as_deep_as_relationships(plans: Configuration) -> None:
    step = {"name": "Dig", "parts_attributes": [{"name": "Spade"}, {"name": "skip"}]}
    plan = await Plan.create(name="House", steps_attributes=[step])
    assert await Part.pluck("name", "step_id") == [("Spade", plan.steps[0].id)]
    step = {"id": plan.steps[0].id, "parts_attributes": [{"name": "too long"}]}
    with pytest.raises(ValidationError):
        await plan.update(steps_attributes=[step])
    assert plan.errors.codes("steps.parts.name") == ["too_long"]


async def test_keys_of_other_owners_are_not_found(plans: Configuration) -> None:
    mine = await Plan.create(name="Mine")
    other = await Plan.create(name="Other", steps_attributes=[{"name": "Dig"}])
    key = other.steps[0].id
    for plan in (mine, await Plan.find(mine.id), Plan(name="New")):
        with pytest.raises(RecordNotFoundError, match="Step"):
            await plan.update(steps_attributes=[{"id": key, "name": "Stolen"}])
    assert await names() == ["Dig"]


async def test_destroying_has_to_be_allowed(plans: Configuration) -> None:
    part = {"name": "Spade"}
    plan = await Plan.create(
        name="House", steps_attributes=[{"name": "Dig", "parts_attributes": [part]}]
    )
    step = await Step.find(plan.steps[0].id)
    key = (await Part.ids())[0]
    await step.update(parts_attributes=[{"id": key, "name": "Fork", "_destroy": True}])
    assert await Part.pluck("name") == ["Fork"]


async def test_one_record_takes_a_mapping(plans: Configuration) -> None:
    plan = await Plan.create(
        name="House", cover_attributes={"name": "Red"}, owner_attributes={"name": "Ada"}
    )
    stored = await Plan.find(plan.id)
    cover = plan.cover
    assert cover is not None
    await stored.update(
        cover_attributes={"id": cover.id, "name": "Blue"},
        owner_attributes={"id": plan.owner_id, "name": "Bea"},
    )
    assert (await Cover.pluck("name"), await Owner.pluck("name")) == (["Blue"], ["Bea"])
    await stored.update(
        cover_attributes={"id": cover.id, "_destroy": True},
        owner_attributes={"id": plan.owner_id, "_destroy": True},
    )
    assert (await Cover.count(), await Owner.count()) == (0, 0)
    assert await Plan.pluck("owner_id") == [None]
    assert stored.cover is None


async def test_a_rollback_leaves_everything_to_be_saved_again(plans: Configuration) -> None:
    plan = await Plan.create(name="House", steps_attributes=[{"name": "Dig"}, {"name": "Build"}])
    first, second = plan.steps
    attributes = [{"id": first.id, "name": "Deep"}, {"id": second.id, "_destroy": True}]
    with pytest.raises(ZeroDivisionError):
        await plan.update(name="refused", steps_attributes=attributes)
    assert await names() == ["Dig", "Build"]
    assert second.is_persisted
    await plan.update(name="House")
    assert await names() == ["Deep"]


async def test_what_does_not_fit_is_refused(plans: Configuration) -> None:
    plan = Plan(name="House")
    too_many = [{"name": "x"}] * 4
    with pytest.raises(UnsupportedValueError, match="at most 3 records, not 4") as refused:
        plan.assign(steps_attributes=too_many)
    assert refused.value.value is too_many  # so that a request's is the client's mistake
    with pytest.raises(UnsupportedValueError, match="takes a list of mappings, not 'x'"):
        plan.assign(steps_attributes="x")
    with pytest.raises(UnsupportedValueError, match=r"takes a mapping, not \[\]"):
        plan.assign(cover_attributes=[])
    with pytest.raises(UnknownAttributeError, match="Step has no attribute 'nmae'.*'name'"):
        plan.assign(steps_attributes=[{"nmae": "x"}])
    with pytest.raises(UnknownRelationshipError, match="'step'. Did you mean 'steps'"):
        plan.assign(wrong_attributes=[])
    with pytest.raises(UnsupportedValueError, match="only assigned"):
        _ = plan.steps_attributes
    with pytest.raises(ConfigurationError, match="reject_if='blank'"):
        accepts_nested_attributes_for("steps", reject_if="blank")
