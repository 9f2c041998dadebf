"""Defaults, virtual attributes, enums and types of an application's own."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from tests.suites.samples import SCHEMA
from velocious.errors import ConfigurationError, UnknownOptionError, ValidationError
from velocious.record import Record, attribute, enum, validates
from velocious.sql.types import ColumnType

if TYPE_CHECKING:
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment


class Level(Enum):
    LOW = 1
    HIGH = 2


class Upper(ColumnType):
    kind: ClassVar[str] = "upper"
    takes: ClassVar[str] = "text"
    decodes: ClassVar[bool] = True

    def encode_other(self, value: Any) -> Any:
        if not isinstance(value, str):
            raise self.refusal(value)
        return value.upper()

    def decode(self, value: Any) -> Any:
        return str(value).lower()


counter = iter(range(1000))


def model(**members: Any) -> Any:
    kind: Any = type(Record)
    return kind("Sample", (Record,), {"__module__": __name__, **members})


async def test_defaults_are_given_to_new_records(environment: TestEnvironment) -> None:
    sample = model(
        text=attribute(default="open"),
        number=attribute(default=lambda: next(counter)),
        data=attribute(default=[]),
    )
    async with environment.application(models=[sample], schema=SCHEMA):
        first, second = sample(), sample(text="done", number=-1)
        assert (first.text, second.text, second.number) == ("open", "done", -1)
        assert first.number is not None
        first.data.append(1)
        assert second.data == []
        await first.save()
        assert (await sample.find(first.id)).data == [1]
        assert sample(text=None).text is None
        assert first.saved_changes()["text"] == (None, "open")


async def test_a_default_without_a_column_is_named(environment: TestEnvironment) -> None:
    sample = model(txet=attribute(default="open"))
    async with environment.application(models=[sample], schema=SCHEMA):
        with pytest.raises(ConfigurationError, match="Sample.txet has a default"):
            sample()


async def test_a_virtual_attribute_is_validated_and_not_stored(
    environment: TestEnvironment,
) -> None:
    sample = model(
        pages=attribute(virtual=True, type="integer", default=1),
        validations=[validates("pages", numericality={"greater_than": 0})],
    )
    async with environment.application(models=[sample], schema=SCHEMA):
        with pytest.raises(ValidationError, match="Pages must be greater than 0"):
            await sample.create(pages="0")
        stored = await sample.create(pages="3")
        assert stored.pages == 3
        assert "pages" not in stored.changes()
        assert (await sample.first()).pages is None
        assert (await stored.reload()).pages is None


async def test_an_own_type_encodes_and_decodes(environment: TestEnvironment) -> None:
    sample = model(text=attribute(type=Upper()))
    async with environment.application(models=[sample], schema=SCHEMA) as configuration:
        await sample.create(text="abc")
        rows = await configuration.database().fetch("SELECT text FROM samples")
        assert rows == [("ABC",)]
        assert (await sample.find_by_or_fail(text="abc")).text == "abc"
        assert await sample.pluck("text") == ["abc"]
        with pytest.raises(ValidationError, match="does not fit a column of type upper"):
            await sample.create(text=3)


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(UnknownOptionError, match="'integr'.*'integer'"):
        attribute(type="integr")


async def test_an_enum_asks_marks_and_narrows(environment: TestEnvironment) -> None:
    sample = model(text=enum(["open", "in-review", "done"], default="open"))
    async with environment.application(models=[sample], schema=SCHEMA):
        record = await sample.create()
        assert record.is_open
        assert not record.is_done
        await record.mark_in_review()
        assert await sample.where(text="in-review").ids() == [record.id]
        assert await sample.in_review().count() == 1
        assert await sample.where(number=None).not_in_review().count() == 0
        with pytest.raises(ValidationError) as caught:
            await record.update(text="opne")
        assert caught.value.errors.codes("text") == ["inclusion"]


async def test_an_enum_is_an_integer_in_an_integer_column(environment: TestEnvironment) -> None:
    sample = model(number=enum(["low", "high"], prefix=True), project_id=enum({"a": 7, "b": 9}))
    async with environment.application(models=[sample], schema=SCHEMA) as configuration:
        record = await sample.create(number="high", project_id="b")
        rows = await configuration.database().fetch("SELECT number, project_id FROM samples")
        assert rows == [(1, 9)]
        assert record.is_number_high
        assert record.is_b
        assert await sample.number_high().pluck("number") == ["high"]
        await configuration.database().execute("UPDATE samples SET number = 5")
        with pytest.raises(Exception, match="holds 5, which does not fit"):
            _ = (await sample.find(record.id)).number


async def test_an_enum_may_be_a_class(environment: TestEnvironment) -> None:
    sample = model(number=enum(Level), text=attribute(default="x"))
    async with environment.application(models=[sample], schema=SCHEMA):
        with pytest.raises(ValidationError):
            await sample.create(number="middle")
        record = await sample.create(number="high")
        assert record.number is Level.HIGH
        assert (await sample.high().first()).number is Level.HIGH


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: enum([]), "no usable values"),
        (lambda: enum("open"), "no usable values"),
        (lambda: enum(["a", "a"]), "no usable values"),
        (lambda: enum(["a b"]), "no usable values"),
        (lambda: enum({"a": 1, "b": 1}), "the same for two"),
        (lambda: model(text=enum(["open"], default="opne")), "'opne'.*none of its values"),
        (lambda: model(text=enum(["first"])), "makes 'first'"),
    ],
)
def test_a_wrong_enum_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        make()


async def test_declarations_are_inherited_mixed_in_and_replaced(
    environment: TestEnvironment,
) -> None:
    class Leveled:
        __slots__ = ()
        text = enum(["low", "high"], default="low")

    class Sample(Leveled, Record):
        table_name = "samples"

    class Special(Sample):
        table_name = "samples"

    class Fuller(Sample):
        table_name = "samples"
        text = enum(["low", "high", "highest"], default="highest")

    models: list[Any] = [Sample, Special, Fuller]
    async with environment.application(models=models, schema=SCHEMA):
        assert [model().text for model in models] == ["low", "low", "highest"]
        wrong = models[1](text="highest")
        assert not await wrong.is_valid()
        assert wrong.errors.codes("text") == ["inclusion"]
        assert await models[2].highest().count() == 0
        assert await models[2](text="highest").is_valid()


async def test_restore_undoes_what_was_assigned(environment: TestEnvironment) -> None:
    class Sample(Record):
        id: Attribute[int]
        text: Attribute[str]
        number: Attribute[int]

    async with environment.application(models=[Sample], schema=SCHEMA):
        record = await Sample.create(text="a", number=1)
        record.assign(text="b", number=2).restore("text")
        assert record.changes() == {"number": (1, 2)}
        record.restore()
        assert (record.text, record.number, record.changes()) == ("a", 1, {})
        with pytest.raises(AttributeError, match="'txet'. Did you mean 'text'"):
            record.restore("txet")
