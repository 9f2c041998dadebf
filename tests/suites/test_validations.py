"""Validations: what is present, unique, long enough and well-formed, and how it is reported."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Project, Task
from tests.suites.samples import SCHEMA, codes, sample_model
from tests.suites.statements import recorded_statements
from velocious.errors import (
    ValidationError,
)
from velocious.record import validates

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment


# Presence


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", "x"),
        ("text", " x "),
        ("number", 0),
        ("number", 5),
        ("rate", 0.0),
        ("price", Decimal(0)),
        ("flag", False),
        ("flag", True),
        ("day", date(2026, 1, 1)),
        ("instant", datetime(2026, 1, 1, tzinfo=UTC)),
        ("data", {"a": None}),
        ("data", 0),
        ("bytes", b"\0"),
    ],
)
async def test_values_of_every_type_are_present(
    environment: TestEnvironment, name: str, value: Any
) -> None:
    assert await codes(environment, validates(name, presence=True), **{name: value}) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", None),
        ("text", ""),
        ("text", " \t\n\u00a0\u2003"),
        ("number", None),
        ("number", ""),
        ("flag", None),
        ("data", {}),
        ("data", []),
        ("bytes", b""),
    ],
)
async def test_blank_values_are_absent(environment: TestEnvironment, name: str, value: Any) -> None:
    found = await codes(environment, validates(name, presence=True), **{name: value})
    assert found == {name: ["blank"]}


async def test_a_belongs_to_is_present_with_its_record_or_its_key(
    environment: TestEnvironment,
) -> None:
    model = sample_model(validates("project", presence=True))
    async with environment.application(models=[model, Project], schema=SCHEMA):
        project = await Project.create(name="Apollo")
        assert await model(project=project).is_valid()
        assert await model(project_id=project.id).is_valid()
        assert await model(project=Project(name="new")).is_valid()
        sample = model()
        assert not await sample.is_valid()
        assert sample.errors.full_messages() == ["Project can't be blank"]
        stored = await model.create(project=project)
        assert await (await model.find(stored.id)).is_valid()


# Length and format


@pytest.mark.parametrize(
    ("options", "text", "expected"),
    [
        ({"maximum": 3}, "abc", []),
        ({"maximum": 3}, "abcd", ["too_long"]),
        ({"maximum": 3}, "👩👩👩", []),
        ({"maximum": 3}, None, []),
        ({"minimum": 2}, "a", ["too_short"]),
        ({"minimum": 2}, None, ["too_short"]),
        ({"minimum": 2}, "ab", []),
        ({"minimum": 2, "maximum": 3}, "abcd", ["too_long"]),
        ({"exactly": 2}, "abc", ["wrong_length"]),
        ({"exactly": 2}, "ab", []),
        ({"minimum": 2, "allow_none": True}, None, []),
        ({"minimum": 2, "allow_blank": True}, " ", []),
        ({"maximum": 200}, "x" * 10_000, ["too_long"]),
    ],
)
async def test_length(
    environment: TestEnvironment, options: dict[str, Any], text: str | None, expected: list[str]
) -> None:
    found = await codes(environment, validates("text", length=options), text=text)
    assert found.get("text", []) == expected


async def test_length_counts_members_of_lists_and_digits_of_numbers(
    environment: TestEnvironment,
) -> None:
    rules = validates("data", "number", length={"maximum": 2})
    assert await codes(environment, rules, data=[1, 2, 3], number=123) == {
        "data": ["too_long"],
        "number": ["too_long"],
    }
    assert await codes(environment, rules, data=[1, 2], number=12) == {}


@pytest.mark.parametrize(
    ("options", "value", "valid"),
    [
        ({"with": r"\A[a-z]+\Z"}, "abc", True),
        ({"with": r"\A[a-z]+\Z"}, "abc\n", False),
        ({"with": r"\A[a-z]+\Z"}, None, False),
        ({"with": r"\A[a-z]+\Z", "allow_blank": True}, "", True),
        ({"without": r"\s"}, "a b", False),
        ({"without": r"\s"}, "ab", True),
        ({"without": r"\s"}, None, True),
    ],
)
async def test_format(
    environment: TestEnvironment, options: dict[str, Any], value: str | None, valid: bool
) -> None:
    found = await codes(environment, validates("text", format=options), text=value)
    assert found == ({} if valid else {"text": ["invalid"]})


async def test_format_looks_at_numbers_as_text(environment: TestEnvironment) -> None:
    rules = validates("number", format={"with": r"\A\d{4}\Z"})
    assert await codes(environment, rules, number=2026) == {}
    assert await codes(environment, rules, number=26) == {"number": ["invalid"]}


# Uniqueness


async def test_a_value_is_taken_once(environment: TestEnvironment) -> None:
    model = sample_model(validates("text", uniqueness=True))
    async with environment.application(models=[model, Project], schema=SCHEMA):
        first = await model.create(text="a")
        with pytest.raises(ValidationError, match="Text has already been taken"):
            await model.create(text="a")
        await model.create(text="A")
        await model.create(text=None)
        await model.create(text=None)
        await model.create(text="")
        await first.save()
        await first.update(number=5)
        second = await model.create(text="b")
        with pytest.raises(ValidationError):
            await second.update(text="a")
        await second.update(text="c")
        assert await model.count() == 6


async def test_uniqueness_counts_inside_its_scope(environment: TestEnvironment) -> None:
    model = sample_model(validates("text", uniqueness={"scope": ["number", "flag"]}))
    async with environment.application(models=[model, Project], schema=SCHEMA):
        await model.create(text="a", number=1, flag=True)
        await model.create(text="a", number=2, flag=True)
        await model.create(text="a", number=1, flag=False)
        other = await model.create(text="a", number=None, flag=True)
        with pytest.raises(ValidationError):
            await model.create(text="a", number=1, flag=True)
        with pytest.raises(ValidationError):
            await other.update(number=2)
        with pytest.raises(ValidationError):
            await model.create(text="a", number=None, flag=True)


@pytest.mark.parametrize("scope", ["project_id", "project", ["project"]])
async def test_uniqueness_takes_a_relationship_as_its_scope(
    environment: TestEnvironment, scope: Any
) -> None:
    model = sample_model(validates("text", uniqueness={"scope": scope}))
    async with environment.application(models=[model, Project], schema=SCHEMA):
        apollo, gemini = await Project.create(name="Apollo"), await Project.create(name="Gemini")
        await model.create(text="a", project=apollo)
        await model.create(text="a", project=gemini)
        with pytest.raises(ValidationError, match="taken"):
            await model.create(text="a", project=apollo)
        moving = await model.last()
        with pytest.raises(ValidationError, match="taken"):
            await moving.update(project_id=apollo.id)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number", 0),
        ("rate", 1.5),
        ("price", Decimal("1.10")),
        ("flag", False),
        ("day", date(2026, 1, 1)),
        ("instant", datetime(2026, 1, 1, tzinfo=UTC)),
        ("bytes", b"\0"),
    ],
)
async def test_uniqueness_works_for_values_of_every_type(
    environment: TestEnvironment, name: str, value: Any
) -> None:
    model = sample_model(validates(name, uniqueness=True))
    async with environment.application(models=[model, Project], schema=SCHEMA):
        await model.create({name: value})
        with pytest.raises(ValidationError, match="has already been taken"):
            await model.create({name: value})


async def test_an_unchanged_value_is_not_asked_about_again(environment: TestEnvironment) -> None:
    model = sample_model(validates("text", uniqueness=True))
    async with environment.application(models=[model, Project], schema=SCHEMA) as configuration:
        record = await model.create(text="a")
        with recorded_statements(configuration) as statements:
            await record.update(number=3)
        assert len(statements) == 1


async def test_a_value_that_cannot_be_stored_is_reported_as_that_alone(
    environment: TestEnvironment,
) -> None:
    found = await codes(environment, validates("text", "number", uniqueness=True), text="\0")
    assert found == {"text": ["unsupported"]}


# Reporting


async def test_a_failed_save_raises_and_writes_nothing(tracker: Configuration) -> None:
    task = Task(name=" " * 201)
    with recorded_statements(tracker) as statements:
        with pytest.raises(ValidationError) as caught:
            await task.save()
    assert statements == []
    assert task.is_new_record
    error = caught.value
    assert error.record is task
    assert str(error) == "Name can't be blank. Name is too long (maximum is 200 characters)"
    assert error.errors.codes("name") == ["blank", "too_long"]
    assert error.errors.on("name")[0] == "can't be blank"
    assert error.errors.to_data() == {
        "name": [
            {"code": "blank", "message": "can't be blank"},
            {"code": "too_long", "message": "is too long (maximum is 200 characters)"},
        ]
    }
    assert [one.details for one in error.errors] == [{}, {"count": 200}]
    assert repr(error.errors).startswith("<Errors of Task: Name can't be blank;")


async def test_errors_are_forgotten_by_the_next_validation(tracker: Configuration) -> None:
    task = Task(name="")
    assert not await task.is_valid()
    task.name = "Write docs"
    assert await task.is_valid()
    assert len(task.errors) == 0
    await task.save()


async def test_an_update_that_fails_keeps_the_row_and_the_changes(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs")
    with pytest.raises(ValidationError):
        await task.update(name="")
    assert task.changes() == {"name": ("Write docs", "")}
    assert await Task.pluck("name") == ["Write docs"]


async def test_a_save_may_leave_validations_out_but_never_the_types(
    tracker: Configuration,
) -> None:
    await Task(name="").save(validate=False)
    assert await Task.count() == 1
    with pytest.raises(ValidationError, match="NUL"):
        await Task(name="\0").save(validate=False)


async def test_own_messages_stand_in_for_the_usual_ones(environment: TestEnvironment) -> None:
    rules = validates(
        "text",
        presence={"message": "is wanted"},
        length={"minimum": 3, "message": "needs {count} letters, not {curly}"},
    )
    model = sample_model(rules)
    async with environment.application(models=[model, Project], schema=SCHEMA):
        record = model(text="")
        assert not await record.is_valid()
        assert record.errors.full_messages() == [
            "Text is wanted",
            "Text needs 3 letters, not {curly}",
        ]


async def test_errors_of_the_whole_record_have_no_name_in_front(tracker: Configuration) -> None:
    task = Task(name="x")
    task.errors.add("base", "closed", "The project is closed")
    assert task.errors.full_messages() == ["The project is closed"]
