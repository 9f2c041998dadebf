"""JSON bodies, read in every environment alike."""

from __future__ import annotations

import json
import time

import pytest

from velocious.controller.body.json_body import DEEPEST, parse_json
from velocious.controller.params import Params
from velocious.errors import MalformedRequestError


def test_objects_at_any_depth_are_parameters() -> None:
    found = parse_json(b'{"a": {"b": [{"c": 1}]}}')
    assert {type(found), type(found["a"]), type(found["a"]["b"][0])} == {Params}


@pytest.mark.parametrize("levels", [DEEPEST + 1, 1_000, 10_000, 100_000])
@pytest.mark.parametrize("kind", ["lists", "objects", "both", "unfinished"])
def test_json_nested_too_deeply_is_refused(levels: int, kind: str) -> None:
    body = {
        "lists": b"[" * levels + b"]" * levels,
        "objects": b'{"a":' * levels + b"1" + b"}" * levels,
        "both": b'[{"a":' * levels + b"1" + b"}]" * levels,
        "unfinished": b"[" * levels,
    }[kind]
    with pytest.raises(MalformedRequestError, match="nested too deeply: more than 100 levels"):
        parse_json(body)


def test_json_nested_as_deeply_as_allowed_is_read() -> None:
    value = parse_json(b"[" * DEEPEST + b"]" * DEEPEST)
    for _ in range(DEEPEST - 1):
        (value,) = value
    assert value == []


def test_brackets_in_texts_nest_nothing() -> None:
    value = ["[" * 500, '"[{' * 500, "\\[" * 500, {"{" * 500: "]"}]
    assert parse_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"a": 1, "a": 2}', "has the name 'a' twice"),
        (b'[{"b": {"a": 1, "a": 1}}]', "has the name 'a' twice"),
        (b"1e400", "1e400 is too large"),
        (b"-1e400", "-1e400 is too large"),
        (b"NaN", "NaN is no JSON value"),
        (b"-Infinity", "-Infinity is no JSON value"),
        (b"9" * 5000, "malformed"),
        (b'"\\ud83d"', "surrogates not allowed"),
        (b'{"\\udc00": 1}', "surrogates not allowed"),
        (b'{"a": ["x\\u0000"]}', "NUL"),
        (b'"\\\\\\u0000"', "NUL"),
        (b'"\0"', "Invalid control character"),
        (b"\xff", "not UTF-8"),
        (b"\xef\xbb\xbf{}", "malformed"),
        (b"{} {}", "Extra data"),
        (b" ", "Expecting value"),
    ],
)
def test_what_could_be_understood_in_two_ways_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(MalformedRequestError, match=said):
        parse_json(body)


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert parse_json(b'"\\\\u0000 \\u0001"') == "\\u0000 \x01"
    assert parse_json(b'"\\ud83d\\ude00"') == "😀"


@pytest.mark.parametrize(
    "body",
    [b"[" + b'{"a":"[{"},' * 380_000 + b"{}]", b'"' + b"\\\\" * 2_500_000 + b'"', b"[" * 5_000_000],
    ids=["objects", "escapes", "open"],
)
def test_five_megabytes_do_not_hold_up_others(body: bytes) -> None:
    begun = time.perf_counter()
    try:
        parse_json(body)
    except MalformedRequestError:
        pass
    # The original needed 1.1 s for any of this size; a browser on a busy machine gets more.
    assert time.perf_counter() - begun < 10
