"""What databases do in different ways by themselves, and records do alike on each of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from velocious.errors import UnsupportedValueError, ValidationError
from velocious.migration import Migration
from velocious.record import Record, belongs_to, has_many, validates

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

LONG = "a_relationship_whose_name_somebody_thought_about"
MANY = 60


class CreateThings(Migration):
    async def up(self) -> None:
        async with self.create_table("things") as t:
            t.string("name", limit=5)
            t.text("note", default='it\'s 50% ? \\ "x"')
            t.integer("number")
            t.bigint("large", default=2**63 - 1)
            t.float("rate", default=0.1)
            t.decimal("price", precision=8, scale=2, default=Decimal("1.5"))
            t.decimal("exact", precision=30, scale=10)
            t.boolean("done", default=True)
            t.date("day", default=date(2026, 1, 2))
            t.time("moment", default=time(1, 2, 3, 4))
            t.datetime("instant", default=datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC))
            t.binary("data", default=b"\x00'\xff")
            t.json("document", default={"a": [1, 2]})
            t.bigint(f"{LONG}_id")


class Thing(Record):
    table_name = "things"
    id: Attribute[Any]
    price: Attribute[Any]
    number: Attribute[Any]

    locals()[LONG] = belongs_to("Thing")
    locals()[f"{LONG}_back"] = has_many("Thing", foreign_key=f"{LONG}_id")


@pytest.fixture(autouse=True)
async def things(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    async with environment.application(models=[Thing], schema=[CreateThings]) as configuration:
        yield configuration


async def again(**attributes: Any) -> Any:
    """A thing with *attributes*, as it is read from the database."""
    return await Thing.find((await Thing.create(attributes)).id)


# Decimals


@pytest.mark.parametrize(
    ("given", "stored"), [("1.1", "1.10"), ("-7", "-7.00"), ("1E+2", "100.00"), ("-0", "0.00")]
)
async def test_a_decimal_has_the_digits_of_its_column(given: str, stored: str) -> None:
    thing = await Thing.create(price=Decimal(given))
    assert str(thing.read("price")) == stored
    assert str((await Thing.find(thing.id)).read("price")) == stored
    assert str((await again(price=None)).read("price")) == "None"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("1.005", "keeps 2 digits behind the point: assign round\\(value, 2\\)"),
        ("1000000", "keeps 6 digits before the point and 2 behind it"),
    ],
)
async def test_a_decimal_that_does_not_fit_is_refused_and_not_rounded(
    value: str, reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        await Thing.create(price=Decimal(value))
    thing = await Thing.create(price=1)
    with pytest.raises(ValidationError, match=reason):
        await thing.update(price=Decimal(value))
    with pytest.raises(UnsupportedValueError, match=reason):
        await Thing.query().update_all({"price": Decimal(value)})
    with pytest.raises(UnsupportedValueError, match=reason):
        await Thing.upsert_all([{"id": 1, "price": Decimal(value)}])
    failed = await Thing.insert_multiple(["price"], [[Decimal(value)]], return_results=True)
    assert [one.index for one in failed.failed] == [0]
    assert await Thing.pluck("price") == [Decimal("1.00")]


async def test_a_decimal_of_more_digits_than_its_column_may_be_searched_for() -> None:
    await Thing.create(price=Decimal("1.01"))
    long = Decimal("1.005")
    assert await Thing.where(Thing.price > long).count() == 1
    assert await Thing.where(price=long).count() == 0
    assert await Thing.where(price=[long, Decimal("1.010")]).count() == 1
    assert await Thing.where(price=[long, Decimal("1.010")] * MANY).count() == 1


async def test_other_spellings_of_a_decimal_are_no_change() -> None:
    thing = await again(price=Decimal("1.10"))
    thing.assign(price=Decimal("1.1"))
    assert thing.changes() == {}


# Texts and whole numbers


async def test_a_string_that_is_too_long_is_refused_as_a_validation_does() -> None:
    assert (await again(name="äöü😀x")).read("name") == "äöü😀x"
    for text in ("äöü😀xy", "12345 "):
        with pytest.raises(ValidationError, match="takes 5 characters, and the text has 6"):
            await Thing.create(name=text)
        failed = await Thing.insert_multiple(["name"], [[text]], return_results=True)
        assert [one.index for one in failed.failed] == [0]
        assert await Thing.where(name=text).count() == 0
        assert await Thing.where(name=[text] * MANY).count() == 0


async def test_a_string_that_a_validation_calls_too_long_is_called_so_once() -> None:
    class Short(Thing):
        table_name = "things"
        validations = [validates("name", length={"maximum": 5})]

    await Short.load_schema()
    short = Short(name="x" * 6)
    with pytest.raises(ValidationError):
        await short.save()
    assert short.errors.codes("name") == ["too_long"]


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1, 2**63 - 1, -(2**63)])
async def test_a_number_larger_than_its_column_may_be_searched_for(number: int) -> None:
    await Thing.create(number=3)
    column = Thing.number
    below = number < 0
    assert await Thing.where(number=number).count() == 0
    assert await Thing.where(column > number).count() == below
    assert await Thing.where(column < number).count() == (not below)
    assert await Thing.where(column.between(-1, max(number, 5))).count() == 1
    assert await Thing.where(number=[number, 3]).count() == 1
    assert await Thing.where(number=[number, 3] * MANY).count() == 1
    assert await Thing.where_not(number=[number, 4] * MANY).count() == 1


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63)])
async def test_the_largest_numbers_come_back(number: int) -> None:
    assert (await again(large=number)).read("large") == number
    assert await Thing.where(large=number).count() == 1
    assert await Thing.where(large=[number] * MANY).count() == 1
    with pytest.raises(ValidationError, match="between -2\\*\\*63 and 2\\*\\*63 - 1"):
        await Thing.create(large=number * 2)


@pytest.mark.parametrize("rate", [5e-324, 1.7976931348623157e308, 0.1 + 0.2, 1e22])
async def test_floats_come_back_to_the_last_bit(rate: float) -> None:
    assert (await again(rate=rate)).read("rate") == rate
    assert await Thing.where(rate=rate).count() == 1
    assert await Thing.where(rate=[rate] * MANY).count() == 1


# Moments


@pytest.mark.parametrize("day", [date(1, 1, 1), date(999, 12, 31), date(9999, 12, 31)])
async def test_the_first_and_the_last_days_come_back(day: date) -> None:
    instant = datetime(day.year, day.month, day.day, 23, 59, 59, 999_999, tzinfo=UTC)
    thing = await again(day=day, instant=instant)
    assert (thing.read("day"), thing.read("instant")) == (day, instant)
    assert await Thing.where(day=day, instant=instant).count() == 1
    assert await Thing.where(day=[day] * MANY, instant=[instant] * MANY).count() == 1


# Bytes


@pytest.mark.parametrize("data", [b"", b"\x00'\xff", b"y" * 70_000])
async def test_bytes_are_found_in_a_long_list(data: bytes) -> None:
    assert (await again(data=data)).read("data") == data
    assert await Thing.where(data=[data, b"none"] * MANY).count() == 1
    assert await Thing.where_not(data=[data, b"none"] * MANY).count() == 0


async def test_bytes_have_a_smallest_and_a_largest_value() -> None:
    for data in (b"a", b"\xff", b"a\x00", None):
        await Thing.create(data=data)
    assert await Thing.query().minimum("data") == b"a"
    assert await Thing.query().maximum("data") == b"\xff"
    assert await Thing.group("done").maximum("data") == {True: b"\xff"}


# Defaults


async def test_a_new_record_shows_what_the_database_will_store() -> None:
    blank = Thing()
    stored = await again()
    names = "note large rate price done day moment instant data document".split()
    shown = {name: blank.read(name) for name in names}
    assert shown == {name: stored.read(name) for name in names}
    assert shown["data"] == b"\x00'\xff"
    assert str(shown["price"]) == str(stored.read("price")) == "1.50"


# Calculations


async def test_a_mean_has_the_same_digits_everywhere() -> None:
    for number in (1, 1, 2):
        decimal = Decimal(number)
        await Thing.create(number=number, large=number, rate=number, price=decimal, exact=decimal)
    expected = {
        "number": 4 / 3,
        "large": 4 / 3,
        "rate": 4 / 3,
        "done": 1.0,
        "price": Decimal("1." + "3" * 39),
        "exact": Decimal("1." + "3" * 39),
    }
    for name, mean in expected.items():
        found = await Thing.query().average(name)
        assert (type(found), found) == (type(mean), mean), name
        assert await Thing.group("done").average(name) == {True: mean}
        assert await Thing.limit(3).average(name) == mean
        assert await Thing.where(id=None).average(name) is None


async def test_the_mean_of_very_large_floats_is_no_error() -> None:
    for rate in (1e300, -1e300, 3.0):
        await Thing.create(rate=rate)
    assert await Thing.where(rate=[1e300]).average("rate") == 1e300
    assert await Thing.query().average("rate") in (0.0, 1.0)


async def test_distinct_rows_of_a_page_are_calculated_in_their_order() -> None:
    for number in (5, 1, 3, 2):
        await Thing.create(number=number, large=10 - number)
    page = Thing.query().distinct().order("large", "id").limit(2)
    assert await page.count("number") == 2
    assert await page.minimum("number") == 3
    assert await page.maximum("number") == 5
    assert await page.sum("number") == 8
    assert await page.average("number") == 4.0


# Names


async def test_relationships_with_long_names_are_joined_several_times() -> None:
    first = await Thing.create(number=1)
    second = await Thing.create(number=2, **{f"{LONG}_id": first.id})
    third = await Thing.create(number=3, **{f"{LONG}_id": second.id})
    path = f"{LONG}.{LONG}"
    assert await Thing.where({LONG: {LONG: {"number": 1}}}).ids() == [third.id]
    back = f"{LONG}_back"
    assert await Thing.where({back: {back: {"number": 3}}}).ids() == [first.id]
    assert await Thing.where_exists(path, number=1).ids() == [third.id]
    query = Thing.left_joins(path).order(f"-{path}.number", "id")
    assert await query.ids() == [third.id, first.id, second.id]
    table = await query.table_for_join(path)
    assert await query.where(f"{table}.{'number'} = ?", 1).ids() == [third.id]


# Raw SQL


async def test_percent_signs_and_quoted_question_marks_in_raw_sql_are_text() -> None:
    await Thing.create(name="a?b", number=5)
    await Thing.create(name="100%", number=7)
    assert await Thing.where("name LIKE '%?%' AND number = ?", 5).pluck("name") == ["a?b"]
    assert await Thing.where("number % 4 = ?", 3).pluck("name") == ["100%"]
    assert await Thing.where("name || 'x' = ?", "100%x").pluck("number") == [7]
