"""What each validator finds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.samples import SCHEMA, codes, sample_model
from velocious.errors import ConfigurationError, UnknownOptionError, ValidationError
from velocious.record import Record, validate, validates

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment


def own_number(record: Any) -> list[Any]:
    return [record.number]


async def found(environment: TestEnvironment, name: str, rules: dict[str, Any], value: Any) -> Any:
    attribute = "text" if isinstance(value, str) else "number"
    if isinstance(value, date):
        attribute = "day"
    if isinstance(value, Decimal | float):
        attribute = "price"
    answer = await codes(environment, validates(attribute, **{name: rules}), **{attribute: value})
    return answer.get(attribute, [])


CASES: list[tuple[str, Any, Any, list[str]]] = [
    ("inclusion", {"in": ["a", "b"]}, "a", []),
    ("inclusion", {"in": ["a", "b"]}, "c", ["inclusion"]),
    ("inclusion", {"in": range(3)}, 3, ["inclusion"]),
    ("inclusion", {"in": {1, 2}}, 2, []),
    ("inclusion", {"in": own_number}, 7, []),
    ("exclusion", {"in": ["admin"]}, "admin", ["exclusion"]),
    ("exclusion", {"in": ["admin"]}, "jane", []),
    ("numericality", True, "twelve", ["not_a_number"]),
    ("numericality", True, "1_000", ["not_a_number"]),
    ("numericality", True, "NaN", ["not_a_number"]),
    ("numericality", True, " 12.5 ", []),
    ("numericality", {"only_integer": True}, "12.5", ["not_an_integer"]),
    ("numericality", {"only_integer": True}, "12.0", []),
    ("numericality", {"odd": True}, 4, ["odd"]),
    ("numericality", {"odd": True}, -3, []),
    ("numericality", {"even": True}, 3, ["even"]),
    ("numericality", {"greater_than": 3}, 3, ["greater_than"]),
    ("numericality", {"greater_than_or_equal_to": 3}, 3, []),
    ("numericality", {"less_than": 3, "other_than": 3}, 3, ["less_than", "other_than"]),
    ("numericality", {"equal_to": Decimal("0.1")}, Decimal("0.1"), []),
    ("numericality", {"in": range(1, 4)}, 4, ["inclusion"]),
    ("comparison", {"greater_than": date(2026, 1, 1)}, date(2026, 1, 1), ["greater_than"]),
    ("comparison", {"less_than": "text"}, 3, []),
    ("comparison", {"less_than_or_equal_to": 3}, "x", ["less_than_or_equal_to"]),
]


@pytest.mark.parametrize(("name", "rules", "value", "wrong"), CASES)
async def test_what_a_validator_finds(
    environment: TestEnvironment, name: str, rules: Any, value: Any, wrong: list[str]
) -> None:
    assert await found(environment, name, rules, value) == wrong


async def test_a_comparison_may_be_with_another_attribute(environment: TestEnvironment) -> None:
    rules = validates("number", comparison={"greater_than": "project_id"})
    assert await codes(environment, rules, number=1, project_id=2) == {"number": ["greater_than"]}
    assert await codes(environment, rules, number=3, project_id=2) == {}
    assert await codes(environment, rules, number=3) == {}


async def test_a_confirmation_is_a_virtual_attribute(environment: TestEnvironment) -> None:
    class Sample(Record):
        validations = [validates("text", confirmation=True)]

    model: Any = Sample
    async with environment.application(models=[Sample], schema=SCHEMA):
        assert await model(text="secret").is_valid()
        assert await model(text="secret", text_confirmation="secret").is_valid()
        wrong = model(text="secret", text_confirmation="secrte")
        assert not await wrong.is_valid()
        assert wrong.errors.full_messages() == ["Text confirmation doesn't match Text"]
        stored = await model.create(text="x", text_confirmation="x")
        assert stored.text_confirmation == "x"
        assert (await model.find(stored.id)).text_confirmation is None


async def test_a_confirmation_may_ignore_case(environment: TestEnvironment) -> None:
    class Sample(Record):
        validations = [validates("text", confirmation={"case_sensitive": False})]

    async with environment.application(models=[Sample], schema=SCHEMA):
        assert await Sample(text="A@b.c", text_confirmation="a@B.c").is_valid()


async def test_an_acceptance_needs_no_column(environment: TestEnvironment) -> None:
    class Sample(Record):
        validations = [validates("terms", acceptance=True)]

    async with environment.application(models=[Sample], schema=SCHEMA):
        assert await Sample().is_valid()
        assert await Sample(terms="1").is_valid()
        refused = Sample(terms=False)
        assert not await refused.is_valid()
        assert refused.errors.full_messages() == ["Terms must be accepted"]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: validates("a", inclusion=True), ConfigurationError, "no values to compare with"),
        (lambda: validates("a", inclusion={"on_": 1}), UnknownOptionError, "'on_'"),
        (lambda: validates("a", comparison=True), ConfigurationError, "compares with nothing"),
        (
            lambda: validates("a", numericality={"odd": True, "even": True}),
            ConfigurationError,
            "odd and even",
        ),
        (
            lambda: validates("a", numericality={"greater": 1}),
            UnknownOptionError,
            "'greater'.*'greater_than'",
        ),
        (lambda: validates("a", if_="x"), ConfigurationError, "conditions but no validations"),
        (lambda: validates("a", presence={"if_": 3}), (TypeError, ConfigurationError), "3|int"),
    ],
)
def test_a_wrong_declaration_is_refused(make: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        make()


# Conditions and contexts


async def test_conditions_decide_whether_a_validation_runs(environment: TestEnvironment) -> None:
    class Sample(Record):
        validations = [
            validates("text", presence=True, if_="demanding"),
            validates("number", presence={"unless": "flag"}),
        ]

        async def demanding(self) -> bool:
            return bool(self.read("flag"))

    async with environment.application(models=[Sample], schema=SCHEMA):
        strict = Sample(flag=True)
        assert not await strict.is_valid()
        assert [one.attribute for one in strict.errors] == ["text"]
        assert not await Sample(flag=False).is_valid()
        assert await Sample(flag=False, number=1).is_valid()


async def test_a_condition_that_names_nothing_is_an_error(environment: TestEnvironment) -> None:
    model = sample_model(validates("text", presence=True, if_="missing"))
    async with environment.application(models=[model], schema=SCHEMA):
        with pytest.raises(AttributeError, match="'missing'"):
            await model().is_valid()


async def test_on_names_actions_and_contexts(environment: TestEnvironment) -> None:
    model = sample_model(
        validates("text", presence=True, on="create"),
        validates("number", presence=True, on="update"),
        validates("rate", presence=True, on=["publish", "print"]),
    )
    async with environment.application(models=[model], schema=SCHEMA):
        new = model()
        assert not await new.is_valid()
        assert [one.attribute for one in new.errors] == ["text"]
        assert not await new.is_valid(context="publish")
        assert [one.attribute for one in new.errors] == ["text", "rate"]
        stored = await model.create(text="x")
        with pytest.raises(ValidationError, match="Number can't be blank"):
            await stored.update(text="y")
        stored.number = 1
        with pytest.raises(ValidationError, match="Rate can't be blank"):
            await stored.save(context="print")
        await stored.save()
        assert await model.pluck("text") == ["y"]


async def test_a_method_may_validate(environment: TestEnvironment) -> None:
    class Base(Record):
        abstract = True

        @validate
        async def is_fine(self) -> None:
            if await type(self).exists():
                self.errors.add("base", "crowded", "There is one already")

        @validate(on="publish")
        def has_text(self) -> None:
            if not self.read("text"):
                self.errors.add("text", "blank")

    class Sample(Base):
        def has_text(self) -> None:
            super().has_text()
            self.errors.add("text", "own")

    async with environment.application(models=[Sample], schema=SCHEMA):
        first = await Sample.create()
        assert not await first.is_valid("publish")
        assert first.errors.codes("text") == ["blank", "own"]
        with pytest.raises(ValidationError, match="There is one already"):
            await Sample.create()
