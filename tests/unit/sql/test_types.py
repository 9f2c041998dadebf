"""Column types, one value and many at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from velocious.errors import UnsupportedValueError
from velocious.sql.dialects.base import Dialect
from velocious.sql.dialects.sqlite import SqliteDialect
from velocious.sql.inference import encode_by_type
from velocious.sql.types import COLUMN_TYPES, Codec, DatetimeType, DecimalType, column_type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

STANDARD, SQLITE = Dialect(), SqliteDialect()
DIALECTS = [STANDARD, SQLITE]
INT64 = st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
JSON = st.recursive(
    st.none() | st.booleans() | INT64 | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "string": TEXT,
    "text": TEXT,
    "integer": INT64,
    "bigint": INT64,
    "float": st.floats(allow_nan=False),
    "decimal": st.decimals(allow_nan=False, allow_infinity=False, places=4),
    "boolean": st.booleans(),
    "date": st.dates(),
    "time": st.times(),
    "datetime": st.datetimes(timezones=st.just(UTC)),
    "json": JSON.filter(lambda value: value is not None),
    "binary": st.binary(),
    "uuid": st.uuids(),
}


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("kind", VALUES)
def test_whatever_is_encoded_is_decoded_to_the_same(kind: str, dialect: Dialect) -> None:
    of_kind = dialect.column_type(kind)

    @given(VALUES[kind])
    def round_trip(value: Any) -> None:
        encoded = of_kind.encode(value)
        assert of_kind.decode(encoded) == value
        assert of_kind.encode(of_kind.decode(encoded)) == encoded
        assert list(of_kind.encode_many([value, None, value])) == [encoded, None, encoded]

    round_trip()


@pytest.mark.parametrize("kind", COLUMN_TYPES)
def test_none_is_none_everywhere(kind: str) -> None:
    of_kind = column_type(kind)
    assert of_kind.encode(None) is None
    assert list(of_kind.encode_many([None, None])) == [None, None]
    assert list(of_kind.encode_many([])) == []


@pytest.mark.parametrize("kind", [kind for kind in COLUMN_TYPES if kind != "any"])
@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_other_objects_are_refused_alone_and_among_many(kind: str, dialect: Dialect) -> None:
    of_kind = dialect.column_type(kind)
    with pytest.raises(UnsupportedValueError, match=f"a column of type {kind}.*It takes"):
        of_kind.encode(object())
    with pytest.raises(UnsupportedValueError, match=f"a column of type {kind}"):
        of_kind.encode_many([None, object()])


@pytest.mark.parametrize("kind", ["integer", "text", "boolean", "float", "date", "json"])
@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_encoding_many_refuses_what_encoding_one_refuses(kind: str, dialect: Dialect) -> None:
    of_kind = dialect.column_type(kind)
    for value in ("\0", "\ud800", 2**63, float("nan"), True, 5, "5", "", [1], {1: 2}):
        assert outcome(of_kind.encode, value) == outcome(
            lambda one: of_kind.encode_many([one])[0], value
        )


def outcome(encode: Callable[[Any], Any], value: Any) -> Any:
    try:
        return encode(value)
    except UnsupportedValueError:
        return UnsupportedValueError


def test_an_error_shows_the_beginning_of_a_long_value() -> None:
    with pytest.raises(UnsupportedValueError) as caught:
        column_type("integer").encode("x" * 10_000)
    assert len(str(caught.value)) < 250


def test_a_kind_nobody_knows_takes_what_the_driver_takes() -> None:
    assert column_type("geometry").encode(b"x") == b"x"


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (True, 1),
        (5, 5),
        (1.5, 1.5),
        ("x", "x"),
        (None, None),
        (b"x", b"x"),
        (bytearray(b"x"), b"x"),
        (Decimal("1.10"), "1.10"),
        (date(2026, 1, 2), "2026-01-02"),
        (time(7, 30), "07:30:00.000000"),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02 00:00:00.000000"),
    ],
)
def test_raw_sql_encodes_by_the_value_s_own_type(value: Any, encoded: Any) -> None:
    assert encode_by_type(value, SQLITE) == encoded
    assert type(encode_by_type(value, SQLITE)) is type(encoded)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("boolean", True),
        ("decimal", Decimal("1.10")),
        ("datetime", datetime(2026, 1, 2, tzinfo=UTC)),
        ("date", date(2026, 1, 2)),
        ("time", time(7, 30)),
        ("uuid", UUID(int=5)),
    ],
)
def test_a_dialect_that_declares_nothing_is_given_python_values(kind: str, value: Any) -> None:
    of_kind = STANDARD.column_type(kind)
    assert of_kind.encode(value) is value
    assert encode_by_type(value, STANDARD) is value
    assert not of_kind.decodes
    assert type(SQLITE.column_type(kind).encode(value)) in (str, int)
    assert SQLITE.column_type(kind).decodes


def without_zone(instant: datetime) -> datetime:
    return instant.replace(tzinfo=None)


def in_utc(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC)


class Naive(Dialect):
    """Wants instants without their zone."""

    codecs: ClassVar[Mapping[str, Codec]] = {"datetime": Codec(without_zone, in_utc)}


class Cents(DecimalType):
    def decode(self, value: Any) -> Any:
        return int(super().decode(value) * 100)


def test_a_dialect_says_how_its_driver_takes_and_gives_a_kind() -> None:
    of_kind = Naive().column_type("datetime")
    instant = datetime(2026, 1, 2, tzinfo=UTC)
    assert of_kind.encode(instant) == instant.replace(tzinfo=None)
    assert of_kind.encode_many([instant, None]) == [instant.replace(tzinfo=None), None]
    assert of_kind.decode(instant.replace(tzinfo=None)) == instant
    assert column_type("datetime").encode(instant) is instant, "the standard type has changed"


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_a_type_made_from_a_standard_one_is_stored_as_its_parent_is(dialect: Dialect) -> None:
    cents = dialect.stored(Cents())
    stored = dialect.column_type("decimal").encode(Decimal("1.10"))
    assert cents.encode("1.10") == stored
    assert cents.decodes
    assert cents.decode(stored) == 110


def test_an_instant_of_another_zone_is_the_same_instant_in_utc() -> None:
    east = datetime(2026, 1, 2, 3, tzinfo=timezone(timedelta(hours=2)))
    assert DatetimeType().cast(east).tzinfo is UTC
    assert DatetimeType().cast("2026-01-02T03:00:00+02:00") == east
    assert DatetimeType().cast("2026-01-02 01:00") == east
    assert DatetimeType().cast(" ") is None
    assert DatetimeType().cast("tomorrow") == "tomorrow"
