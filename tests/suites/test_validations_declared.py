"""Declaring validations: own ones, inherited ones, and wrong ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Project, Task
from tests.suites.samples import SCHEMA, codes, sample_model
from velocious.errors import (
    ConfigurationError,
    RecordError,
    UnknownAttributeError,
    UnknownOptionError,
)
from velocious.record import Record, Validator, validates

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment


# Own validators


class Even(Validator):
    options = ("by",)

    def configure(self, by: int = 2) -> None:
        self.by = by

    def check(self, record: Record, attribute: str, value: Any) -> None:
        if value is not None and value % self.by:
            self.report(record, attribute, "uneven")


class Known(Validator):
    async def check(self, record: Record, attribute: str, value: Any) -> None:
        if not await Project.exists(name=value):
            self.report(record, attribute, "unknown")


async def test_an_own_validator_checks(environment: TestEnvironment) -> None:
    assert await codes(environment, [Even(["number"], by=3)], number=4) == {"number": ["uneven"]}
    assert await codes(environment, [Even(["number"])], number=4) == {}
    with pytest.raises(UnknownOptionError, match="'bye'.*'by'"):
        Even(["number"], bye=3)


async def test_an_own_validator_may_await(environment: TestEnvironment) -> None:
    model = sample_model([Known(["text", "text"])])
    async with environment.application(models=[model, Project], schema=SCHEMA):
        record = model(text="Apollo")
        assert not await record.is_valid()
        assert record.errors.codes("text") == ["unknown", "unknown"]
        await Project.create(name="Apollo")
        assert await record.is_valid()


# Declarations


async def test_a_subclass_adds_validations_without_changing_its_parent(
    environment: TestEnvironment,
) -> None:
    class Base(Record):
        table_name = "samples"
        validations = [validates("text", presence=True)]

    class Strict(Base):
        table_name = "samples"
        validations = [validates("number", presence=True)]

    class Stricter(Strict, Base):
        table_name = "samples"

    async with environment.application(models=[Base, Strict, Stricter], schema=SCHEMA):
        record = Strict()
        assert not await record.is_valid()
        assert [error.attribute for error in record.errors] == ["text", "number"]
        assert await Base(text="x").is_valid()
        again = Stricter()
        assert not await again.is_valid()
        assert [error.attribute for error in again.errors] == ["text", "number"]


async def test_false_leaves_a_validation_out(environment: TestEnvironment) -> None:
    assert await codes(environment, validates("text", presence=False)) == {}


async def test_a_validation_of_an_unknown_attribute_is_named(environment: TestEnvironment) -> None:
    with pytest.raises(UnknownAttributeError, match="'txet'. Did you mean 'text'"):
        await codes(environment, validates("txet", presence=True))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: validates("name", presense=True), UnknownOptionError, "'presense'.*'presence'"),
        (lambda: validates("name", length={"max": 3}), UnknownOptionError, "'max'.*'maximum'"),
        (lambda: validates("name", length={}), ConfigurationError, "no bound"),
        (lambda: validates("name", length=3), ConfigurationError, "give True or a mapping"),
        (lambda: validates("name", format=True), ConfigurationError, "exactly one of"),
        (lambda: validates("name"), ConfigurationError, "needs attributes and validations"),
        (lambda: validates(presence=True), ConfigurationError, "needs attributes and validations"),
    ],
)
def test_a_wrong_declaration_is_refused_at_once(
    make: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make()


def test_something_else_among_validations_is_refused() -> None:
    with pytest.raises(RecordError, match="Odd.validations holds 'presence'.*validates"):

        class Odd(Record):  # pyright: ignore[reportUnusedClass]
            validations = ["presence"]


async def test_the_types_of_a_valid_record_are_seen_by_editors(tracker: Configuration) -> None:
    task = await Task.create(name="Write docs")
    name: str = task.name
    key: Attribute[int] | int = task.id
    assert (name, key) == ("Write docs", 1)
