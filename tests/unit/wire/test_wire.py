"""Values as text, and back."""

from __future__ import annotations

import json
import math
from collections import Counter, OrderedDict
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Any, NamedTuple, cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from velocious.errors import VelociousError, WireError
from velocious.wire import decode, encode
from velocious.wire.single import SINGLE
from velocious.wire.tagging import Tagger

MARK = "__velocious_type"
KINDS = ["date", "bigint", "number", "undefined", "bytes", "set", "object", "decimal", "tuple"]
ID = UUID("12345678-1234-5678-1234-567812345678")
NOON = datetime(2026, 6, 1, 12, 0, 0, 123456, tzinfo=UTC)


class Point(NamedTuple):
    x: int
    y: int


class Colour(Enum):
    RED = "red"
    SIZES = (1, 2)


class Level(IntEnum):
    HIGH = 3


class Word(StrEnum):
    YES = "yes"


class Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "another text"


class Attributed:
    """What a record is to the wire."""

    def __init__(self, **attributes: Any) -> None:
        self._attributes = attributes

    def attributes(self) -> dict[str, Any]:
        return self._attributes


AS_JSON: list[tuple[Any, str]] = [
    (None, "null"),
    (True, "true"),
    ('ø\x00\n"', '"ø\\u0000\\n\\""'),
    (2**53 - 1, "9007199254740991"),
    (-0.0, "-0.0"),
    ([], "[]"),
    ((1, (2,)), "[1,[2]]"),
    (Point(1, 2), "[1,2]"),
    ({"a": {"b": [1.5]}}, '{"a":{"b":[1.5]}}'),
    (OrderedDict(a=1), '{"a":1}'),
    (Counter("a"), '{"a":1}'),
    (date(2026, 1, 31), '"2026-01-31"'),
    (time(9, 30), '"09:30:00"'),
    (datetime(2026, 1, 31, 9, 30), '"2026-01-31T09:30:00"'),
    (Decimal("1.10"), '"1.10"'),
    (ID, f'"{ID}"'),
    (Colour.RED, '"red"'),
    (Colour.SIZES, "[1,2]"),
    (Level.HIGH, "3"),
    (Word.YES, '"yes"'),
    (Text("text"), '"text"'),
    ({Word.YES: Level.HIGH}, '{"yes":3}'),
    ({"a": {"b": {"{[": [{"c": {}}]}}}, '{"a":{"b":{"{[":[{"c":{}}]}}}'),
    ("1234567890123456", '"1234567890123456"'),
    (Attributed(id=1, at=date(2026, 1, 1)), '{"id":1,"at":"2026-01-01"}'),
    ([Attributed(id=1)], '[{"id":1}]'),
]
MARKED: list[tuple[Any, str, Any]] = [
    (2**53, "bigint", "9007199254740992"),
    (-(2**53), "bigint", "-9007199254740992"),
    (NOON, "date", "2026-06-01T12:00:00.123456Z"),
    (NOON.astimezone(timezone(timedelta(hours=2))), "date", "2026-06-01T12:00:00.123456Z"),
    (math.nan, "number", "NaN"),
    (math.inf, "number", "Infinity"),
    (-math.inf, "number", "-Infinity"),
    (b"\x00\xff", "bytes", "AP8="),
    (bytearray(b"a"), "bytes", "YQ=="),
    (memoryview(b"a"), "bytes", "YQ=="),
    ({1}, "set", [1]),
    (frozenset({"a"}), "set", ["a"]),
    ({MARK: "date", "value": 1}, "object", [[MARK, "date"], ["value", 1]]),
]


@pytest.mark.parametrize(("value", "text"), AS_JSON)
def test_is_plain_json_where_json_has_a_form(value: Any, text: str) -> None:
    assert encode(value) == text
    assert encode([value, None]) == f"[{text},null]"


@pytest.mark.parametrize(("value", "kind", "inner"), MARKED)
def test_marks_what_json_has_no_form_for(value: Any, kind: str, inner: Any) -> None:
    marked = {MARK: kind, "value": inner}
    assert json.loads(encode(value)) == marked
    assert json.loads(encode({"a": [value]})) == {"a": [marked]}
    assert json.loads(encode([Attributed(a=value)])) == [{"a": marked}]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        (
            '{"__velocious_type":"date","value":"2026-06-01T12:00:00.123Z"}',
            NOON.replace(microsecond=123000),
        ),
        (
            '{"__velocious_type":"date","value":"2026-06-01T14:00:00+02:00"}',
            NOON.replace(microsecond=0),
        ),
        ('{"__velocious_type":"bigint","value":"5"}', 5),
        ('{"__velocious_type":"undefined"}', None),
        ('[1,{"__velocious_type":"undefined"}]', [1, None]),
        ('{"a":1,"b":{"__velocious_type":"undefined"}}', {"a": 1}),
        ('{"a":"__velocious_type"}', {"a": "__velocious_type"}),
    ],
)
def test_reads_what_javascript_sends(text: str, value: Any) -> None:
    assert decode(text) == value


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            {"tasks": [1, 2, 3, {"owner": object()}]},
            r"value\.tasks\[3\]\.owner: a value of",
        ),
        ([{"a": Attributed(owner=len)}], r"value\[0\]\.a\.owner: a value of type 'builtin"),
        ({"a": {1: "one"}}, r"value\.a: a dictionary has the key 1 of type 'int'.*str\(key\)"),
        ({None: 1}, r"the key None of type 'NoneType'"),
        ({Colour.RED: 1}, r"the key <Colour.RED"),
        (["{", [{"a": OrderedDict([(1, 2)])}]], r"value\[1\]\[0\]\.a: .*the key 1"),
        ([{"a": 1}, {2: 1}], r"value\[1\]: .*the key 2"),
        ([[[{True: 1}]]], r"value\[0\]\[0\]\[0\]: .*the key True"),
        ([NOON, {"a": {1.5: 1}}], r"value\[1\].a: .*the key 1.5"),
        ({"a b": {"c": {(1, 2): 1}}}, r"value\['a b'\]\.c: "),
        ([timedelta(1)], r"value\[0\]: a value of type 'timedelta'"),
        ([datetime.max.replace(tzinfo=timezone(timedelta(hours=-1)))], "no year that UTC has"),
        (Attributed, "a value of type 'type'"),
        ([10**5000], "too many digits"),
    ],
)
def test_names_the_place_of_what_has_no_form(value: Any, message: str) -> None:
    with pytest.raises(WireError, match=message):
        encode(value)


def test_names_the_place_of_what_holds_itself() -> None:
    tasks: list[Any] = []
    board = {"tasks": tasks}
    tasks.append({"board": board})
    with pytest.raises(WireError, match=r"At value\.tasks\[0\]\.board: a value holds itself"):
        encode(board)


def test_what_is_nested_deeper_than_can_be_read_is_refused_and_not_a_crash() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(WireError, match="more than 200 deep"):
        encode(deep)
    with pytest.raises(WireError):
        decode("[" * 100_000 + "]" * 100_000)


def test_the_same_value_twice_is_no_circle() -> None:
    shared = {"at": NOON, "big": 2**60}
    assert decode(encode([shared, shared])) == [shared, shared]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "NaN",
        "[Infinity]",
        '{"__velocious_type":"code","value":"1"}',
        '{"__velocious_type":["date"],"value":"1"}',
        '{"__velocious_type":"date","value":"2026-06-01T12:00:00"}',
        '{"__velocious_type":"date","value":"yesterday"}',
        '{"__velocious_type":"date"}',
        '{"__velocious_type":"date","value":"0001-01-01T00:00:00+10:00"}',
        '{"__velocious_type":"bigint","value":"1e5"}',
        '{"__velocious_type":"bigint","value":"1_0"}',
        '{"__velocious_type":"bigint","value":7}',
        '{"__velocious_type":"number","value":"1"}',
        '{"__velocious_type":"number","value":[]}',
        '{"__velocious_type":"bytes","value":"a"}',
        '{"__velocious_type":"bytes","value":"a*=="}',
        '{"__velocious_type":"set","value":[[]]}',
        '{"__velocious_type":"set","value":"ab"}',
        '{"__velocious_type":"object","value":[[1,2]]}',
        '{"__velocious_type":"object","value":["ab"]}',
        '{"__velocious_type":"object","value":[["a"]]}',
        '{"__velocious_type":"object","value":[["a",1],["a",2]]}',
        '{"__velocious_type":"decimal","value":1.5}',
        '{"__velocious_type":"decimal","value":"x"}',
        '{"__velocious_type":"uuid","value":"x"}',
        '{"__velocious_type":"plain_datetime","value":"2026-06-01T12:00:00Z"}',
    ],
)
def test_text_that_stands_for_no_value_is_refused(text: str) -> None:
    with pytest.raises(WireError) as error:
        decode(text)
    assert isinstance(error.value, TypeError)
    assert isinstance(error.value, VelociousError)


KEYS = st.text() | st.just(MARK)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**53 - 1, 2**53, 2**64, -(2**53), 10**30])
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.datetimes(timezones=st.just(UTC))
)
EXACT = (
    SCALARS | st.datetimes() | st.dates() | st.times() | st.decimals(allow_nan=False) | st.uuids()
)


def nested(scalars: st.SearchStrategy[Any], *, tuples: bool) -> st.SearchStrategy[Any]:
    def around(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        lists = st.lists(inner) | st.dictionaries(KEYS, inner) | st.sets(scalars)
        return lists | st.lists(inner).map(tuple) if tuples else lists

    return st.recursive(scalars, around, max_leaves=12)


def same(one: Any, other: Any) -> bool:
    """Equal, and of the same types all through: ``1 == True == 1.0``, and ``-0.0 == 0.0``."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        first, second = cast("dict[str, Any]", one), cast("dict[str, Any]", other)
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if isinstance(one, (list, tuple)):
        first, second = cast("list[Any]", one), cast("list[Any]", other)
        return len(first) == len(second) and all(map(same, first, second))
    if isinstance(one, float):
        return math.copysign(1, one) == math.copysign(1, other) and one == other
    return bool(one == other)


@given(nested(SCALARS, tuples=False))
def test_what_a_page_may_send_comes_back(value: Any) -> None:
    assert same(decode(encode(value)), value)


@given(nested(EXACT, tuples=True))
def test_python_gets_from_python_exactly_what_was_sent(value: Any) -> None:
    assert same(decode(encode(value, exact=True)), value)


@given(nested(EXACT, tuples=True), st.booleans())
def test_the_fast_way_and_the_careful_way_say_the_same(value: Any, exact: bool) -> None:
    careful = json.dumps(Tagger(exact=exact).tagged(value), ensure_ascii=False)
    assert json.loads(encode(value, exact=exact)) == json.loads(careful)


@given(
    st.recursive(
        st.none() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner)
    )
)
def test_no_json_of_anybody_is_more_than_a_value_or_an_error(value: Any) -> None:
    try:
        decode(json.dumps(value))
    except WireError as error:
        assert str(error)


@given(nested(EXACT, tuples=True), st.booleans())
def test_a_value_by_itself_is_written_as_it_is_among_others(value: Any, exact: bool) -> None:
    assert SINGLE[exact](value) == encode(value, exact=exact)


def test_not_a_number_comes_back_from_both_ways() -> None:
    assert math.isnan(decode(encode(math.nan)))
    assert math.isnan(decode(encode({"a": [math.nan]}, exact=True))["a"][0])
