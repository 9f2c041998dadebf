"""Every value comes back as it was stored, or is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from velocious.errors import UnsupportedValueError, ValidationError, VelociousError
from velocious.record import Record

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE samples (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  string VARCHAR(255), text TEXT, integer INTEGER, bigint BIGINT, float REAL,
  decimal DECIMAL_TEXT(20, 2), boolean BOOLEAN, date DATE, time TIME, datetime DATETIME,
  json JSON_TEXT, "binary" BLOB, uuid UUID
);
"""


class Sample(Record):
    id: Attribute[Any]
    string: Attribute[Any]
    text: Attribute[Any]
    integer: Attribute[Any]
    bigint: Attribute[Any]
    float: Attribute[Any]
    decimal: Attribute[Any]
    boolean: Attribute[Any]
    date: Attribute[Any]
    time: Attribute[Any]
    datetime: Attribute[Any]
    json: Attribute[Any]
    binary: Attribute[Any]
    uuid: Attribute[Any]


@pytest.fixture
async def samples(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    async with environment.application(models=[Sample], schema=SCHEMA) as configuration:
        yield configuration


async def stored(name: str, value: Any) -> Any:
    """What *value* is when it is read from another record."""
    sample = await Sample.create({name: value})
    assert sample.read(name) == (await Sample.find(sample.id)).read(name)
    (plucked,) = await Sample.where(id=sample.id).pluck(name)
    found = (await Sample.find(sample.id)).read(name)
    assert plucked == found
    return found


COPENHAGEN = timezone(timedelta(hours=2))
NEW_YORK = timezone(timedelta(hours=-4))
SOME_UUID = UUID("12345678-1234-5678-1234-567812345678")
KATHMANDU = timezone(timedelta(hours=5, minutes=45))
AWKWARD = "quotes ' \" ` ; -- \\ % _ \r\n\t emoji 👩‍👩‍👧 rtl שלום العربية é e\u0301 \x01 \x7f"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("string", AWKWARD),
        ("string", ""),
        ("string", "x" * 255),
        ("text", "x" * 10_000),
        ("text", AWKWARD * 1000),
        ("integer", 0),
        ("integer", 2**53 + 1),
        ("bigint", 2**63 - 1),
        ("bigint", -(2**63)),
        ("float", 0.1 + 0.2),
        ("float", 5e-324),
        ("float", 1e308),
        ("decimal", Decimal("1.10")),
        ("decimal", Decimal("12345678901234567.89")),
        ("decimal", Decimal("-0.01")),
        ("boolean", True),
        ("boolean", False),
        ("date", date(1, 1, 1)),
        ("date", date(9999, 12, 31)),
        ("time", time(23, 59, 59, 999_999)),
        ("time", time(0)),
        ("datetime", datetime(2026, 3, 29, 1, 30, 0, 123_456, UTC)),
        ("datetime", datetime(1, 1, 1, tzinfo=UTC)),
        ("datetime", datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC)),
        ("json", {"a": [1, 2.5, "x", None, True, {"ø": "\x01"}]}),
        ("json", {"k": [1e-7, 1e23, 123456789012345678901234567890], "long": 1e300}),
        ("json", []),
        ("json", "5"),
        ("json", 5),
        ("json", False),
        ("binary", bytes(range(256))),
        ("binary", b""),
        ("uuid", UUID("00000000-0000-0000-0000-000000000001")),
    ],
)
async def test_round_trips(samples: Configuration, name: str, value: Any) -> None:
    found = await stored(name, value)
    assert found == value
    assert type(found) is type(value)
    assert str(found) == str(value)


async def test_nul_in_json_stays_or_is_refused(
    environment: TestEnvironment, samples: Configuration
) -> None:
    value = {"ø": "\0"}
    if environment.can("stores_nul"):
        assert await stored("json", value) == value
    else:
        with pytest.raises(ValidationError, match="NUL"):
            await Sample.create(json=value)


async def test_a_negative_zero_equals_zero(samples: Configuration) -> None:
    assert await stored("decimal", Decimal("-0.00")) == 0
    assert await stored("float", -0.0) == 0


@pytest.mark.parametrize(
    "name", ["string", "integer", "boolean", "datetime", "json", "binary", "uuid"]
)
async def test_none_is_null_in_every_column(samples: Configuration, name: str) -> None:
    assert await stored(name, None) is None
    assert await Sample.where({name: None}).count() == 1


@pytest.mark.parametrize("zone", [UTC, COPENHAGEN, NEW_YORK, KATHMANDU])
async def test_an_instant_is_the_same_whatever_zone_it_came_from(
    samples: Configuration, zone: timezone
) -> None:
    given = datetime(2026, 6, 1, 12, 0, tzinfo=zone)
    found = await stored("datetime", given)
    assert found == given
    assert found.tzinfo is UTC
    assert await Sample.where(datetime=given.astimezone(UTC)).count() == 1
    assert await Sample.where(Sample.datetime <= given.astimezone(NEW_YORK)).count() == 1
    assert await Sample.where(Sample.datetime < given).count() == 0


async def test_instants_sort_by_time_and_not_by_their_zone(samples: Configuration) -> None:
    noon = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
    instants = [noon, noon - timedelta(microseconds=1), noon + timedelta(seconds=1)]
    zones = [KATHMANDU, NEW_YORK, COPENHAGEN]
    for instant, zone in zip(instants, zones, strict=True):
        await Sample.create(datetime=instant.astimezone(zone))
    assert await Sample.order("datetime").pluck("datetime") == sorted(instants)


async def test_an_assigned_value_reads_like_a_stored_one(samples: Configuration) -> None:
    sample = Sample(datetime="2026-06-01T12:00:00+02:00", decimal="1.10", date="2026-06-01")
    assert sample.datetime == datetime(2026, 6, 1, 10, tzinfo=UTC)
    assert sample.datetime.tzinfo is UTC
    assert sample.decimal == Decimal("1.10")
    assert sample.date == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("integer", " 42 ", 42),
        ("integer", "", None),
        ("integer", 42.0, 42),
        ("integer", Decimal("42.0"), 42),
        ("float", "1.5", 1.5),
        ("float", 2, 2.0),
        ("decimal", "1.10", Decimal("1.10")),
        ("decimal", 1.1, Decimal("1.1")),
        ("decimal", 3, Decimal("3")),
        ("boolean", "yes", True),
        ("boolean", "0", False),
        ("boolean", 1, True),
        ("boolean", "", None),
        ("date", "2026-06-01", date(2026, 6, 1)),
        ("date", " ", None),
        ("time", "07:30", time(7, 30)),
        ("datetime", "2026-06-01 12:00", datetime(2026, 6, 1, 12, tzinfo=UTC)),
        ("datetime", "2026-06-01T12:00:00Z", datetime(2026, 6, 1, 12, tzinfo=UTC)),
        ("datetime", "", None),
        ("string", 5, "5"),
        ("string", Decimal("1.10"), "1.10"),
        ("binary", bytearray(b"\0a"), b"\0a"),
        ("binary", memoryview(b"\0a"), b"\0a"),
        ("uuid", f"{{{SOME_UUID}}}", SOME_UUID),
    ],
)
async def test_forms_and_files_bring_text(
    samples: Configuration, name: str, text: Any, value: Any
) -> None:
    assert await stored(name, text) == value


class Color(StrEnum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


async def test_enum_members_are_stored_as_their_values(samples: Configuration) -> None:
    assert await stored("string", Color.RED) == "red"
    assert await stored("integer", Level.HIGH) == 3
    assert await Sample.where(string=Color.RED).count() == 1
    assert (
        await Sample.where(
            "samples.string = ? OR samples.integer = ?", Color.RED, Level.HIGH
        ).count()
        == 2
    )


class Strange:
    def __repr__(self) -> str:
        return "<strange>"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("string", "NUL \0 inside", "NUL"),
        ("text", "lone surrogate \ud800", "surrogate"),
        ("string", True, "True"),
        ("string", b"bytes", "bytes"),
        ("string", ["list"], "list"),
        ("string", Strange(), "<strange>"),
        ("string", ..., "Ellipsis"),
        ("integer", 2**63, "2\\*\\*63"),
        ("bigint", -(2**63) - 1, "2\\*\\*63"),
        ("integer", "5 apples", "5 apples"),
        ("integer", "1_000", "1_000"),
        ("integer", 1.5, "1.5"),
        ("integer", float("nan"), "nan"),
        ("integer", float("inf"), "inf"),
        ("integer", Decimal("1E+999999"), "999999"),
        ("integer", Strange(), "<strange>"),
        ("float", float("nan"), "nan"),
        ("float", "nan", "nan"),
        ("float", 2**53 + 1, "9007199254740993"),
        pytest.param("float", 10**400, "float", id="huge"),
        ("float", Strange(), "<strange>"),
        ("decimal", Decimal("NaN"), "NaN"),
        ("decimal", "Infinity", "Infinity"),
        ("decimal", "1e999999999", "1e999999999|1E\\+999999999"),
        ("decimal", True, "True"),
        ("boolean", 2, "2"),
        ("boolean", "maybe", "maybe"),
        ("date", "2026-02-30", "2026-02-30"),
        ("date", datetime(2026, 1, 1, tzinfo=UTC), "datetime"),
        ("time", "25:00", "25:00"),
        ("datetime", datetime(2026, 1, 1), "time zone"),
        ("datetime", "next week", "next week"),
        ("datetime", datetime(1, 1, 1, tzinfo=COPENHAGEN), "datetime"),
        ("datetime", "0001-01-01T00:00:00+02:00", "years 1 to 9999"),
        ("datetime", 1_700_000_000, "1700000000"),
        ("json", {1: "number as key"}, "key"),
        ("json", (1, 2), "tuple|list"),
        ("json", {"a": float("nan")}, "nan|NaN|range"),
        ("json", Strange(), "strange"),
        ("binary", "text", "text"),
        ("uuid", "1234", "1234"),
        ("uuid", 5, "5"),
    ],
)
async def test_refuses(samples: Configuration, name: str, value: Any, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason) as caught:
        await Sample.create({name: value})
    assert caught.value.errors.codes(name) == ["unsupported"]
    assert await Sample.count() == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("string", "NUL \0 inside"),
        ("integer", 2**63),
        ("integer", "five"),
        ("float", float("nan")),
        ("datetime", datetime(2026, 1, 1)),
        ("uuid", "1234"),
        ("string", Strange()),
    ],
)
async def test_a_condition_refuses_what_its_column_cannot_hold(
    samples: Configuration, name: str, value: Any
) -> None:
    with pytest.raises(UnsupportedValueError, match="does not fit a column of type"):
        await Sample.where({name: value}).to_list()
    with pytest.raises(UnsupportedValueError, match="does not fit a column of type"):
        await Sample.where({name: [value]}).to_list()


async def test_the_update_of_a_value_that_does_not_fit_writes_nothing(
    samples: Configuration,
) -> None:
    sample = await Sample.create(string="kept", integer=1)
    with pytest.raises(ValidationError, match="Integer cannot be stored"):
        await sample.update(string="new", integer=2**70)
    assert await Sample.pluck("string", "integer") == [("kept", 1)]
    sample.integer = 5
    await sample.save()
    assert await Sample.pluck("string", "integer") == [("new", 5)]


async def test_everything_that_does_not_fit_is_reported_at_once(samples: Configuration) -> None:
    sample = Sample(string="\0", integer="x", float=float("nan"))
    assert not await sample.is_valid()
    assert [error.attribute for error in sample.errors] == ["string", "integer", "float"]
    with pytest.raises(ValidationError) as caught:
        await sample.save()
    assert len(caught.value.errors) == 3


async def test_decimals_compare_and_sort_as_numbers(samples: Configuration) -> None:
    for text in ("9.50", "10.00", "-1.5", "100"):
        await Sample.create(decimal=text)
    assert await Sample.order("decimal").pluck("decimal") == [
        Decimal(text) for text in ("-1.5", "9.50", "10.00", "100")
    ]
    assert await Sample.where(Sample.decimal > 9.5).count() == 2
    assert await Sample.where(decimal="10").count() == 1
    assert await Sample.where(decimal=[Decimal("10.0"), "9.5"]).count() == 2
    assert await Sample.where(Sample.decimal.between(0, 10)).count() == 2


async def test_a_uuid_key_is_made_where_the_table_makes_none(environment: TestEnvironment) -> None:
    class Token(Record):
        id: Attribute[Any]
        name: Attribute[Any]

    schema = "CREATE TABLE tokens (id UUID PRIMARY KEY NOT NULL, name TEXT)"
    async with environment.application(models=[Token], schema=schema):
        token = await Token.create(name="a")
        assert isinstance(token.id, UUID)
        assert (await Token.find(token.id)) == token
        assert (await Token.find(str(token.id))) == token
        own = uuid4()
        assert (await Token.create(id=own)).id == own
        assert {token.id, own} == set(await Token.ids())
        await Token.insert_multiple(["name"], [["b"], ["c"]])
        assert all(isinstance(key, UUID) for key in await Token.ids())
        assert len(set(await Token.ids())) == 4


async def test_a_stored_value_that_is_no_such_thing_is_named_when_it_is_read(
    environment: TestEnvironment, samples: Configuration
) -> None:
    environment.needs("sqlite_files")
    database = samples.database()
    await database.execute(
        "INSERT INTO samples (datetime, json, uuid) VALUES ('yesterday', '{', 'x')"
    )
    sample = await Sample.find(1)
    for name in ("datetime", "json", "uuid"):
        with pytest.raises(VelociousError, match=f"Sample#{name}"):
            sample.read(name)


async def test_json_of_a_column_that_sqlite_made_a_number_of_is_read(
    environment: TestEnvironment,
) -> None:
    class Legacy(Record):
        id: Attribute[Any]
        data: Attribute[Any]
        table_name = "legacy"

    schema = "CREATE TABLE legacy (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, data JSON)"
    async with environment.application(models=[Legacy], schema=schema):
        assert (await Legacy.find((await Legacy.create(data=5)).id)).data == 5
        assert (await Legacy.find((await Legacy.create(data=[1])).id)).data == [1]
