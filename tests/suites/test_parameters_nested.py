"""Names that nest, in queries and forms."""

from __future__ import annotations

import time
from typing import Any

import pytest

from velocious.controller.params import Params
from velocious.controller.params.nesting import DEEPEST, nested, pairs_of
from velocious.errors import MalformedRequestError, TooManyParametersError


def read(query: str) -> Params:
    return nested(pairs_of(query.encode(), 4096))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("a=1&b=2", {"a": "1", "b": "2"}),
        ("a=1&a=2", {"a": "2"}),
        ("a&b=", {"a": "", "b": ""}),
        ("&&a=1&", {"a": "1"}),
        ("a=b=c", {"a": "b=c"}),
        ("q=a+b%26c%C3%A9", {"q": "a b&cé"}),
        ("q=é", {"q": "é"}),
        ("q=100%", {"q": "100%"}),
        ("a[b]=1", {"a": {"b": "1"}}),
        ("a%5Bb%5D=1", {"a": {"b": "1"}}),
        ("a[b][c]=1&a[b][d]=2", {"a": {"b": {"c": "1", "d": "2"}}}),
        ("a[b]=1&a[b]=2", {"a": {"b": "2"}}),
        ("d[]=3&d[]=4", {"d": ["3", "4"]}),
        ("a[b][]=1&a[b][]=2", {"a": {"b": ["1", "2"]}}),
        ("i[][n]=x&i[][d]=1&i[][n]=y", {"i": [{"n": "x", "d": "1"}, {"n": "y"}]}),
        ("i[][t][]=x&i[][t][]=y&i[][n]=z", {"i": [{"t": ["x", "y"], "n": "z"}]}),
        (
            "i[][a][b]=1&i[][a][c]=2&i[][a][b]=3",
            {"i": [{"a": {"b": "1", "c": "2"}}, {"a": {"b": "3"}}]},
        ),
        ("i[0][n]=x&i[1][n]=y&i[0][d]=1", {"i": [{"n": "x", "d": "1"}, {"n": "y"}]}),
        ("i[1]=b&i[0]=a", {"i": ["a", "b"]}),
        ("i[0][j][0]=a&i[0][j][1]=b", {"i": [{"j": ["a", "b"]}]}),
        ("a[42]=3&a[7]=1", {"a": {"42": "3", "7": "1"}}),
        ("a[0]=x&a[2]=y", {"a": {"0": "x", "2": "y"}}),
        ("a[00]=x", {"a": {"00": "x"}}),
        ("a[0]=x&a[b]=y", {"a": {"0": "x", "b": "y"}}),
        ("0=a&1=b", {"0": "a", "1": "b"}),
    ],
)
def test_a_query_is_read_as_it_was_meant(query: str, found: dict[str, Any]) -> None:
    assert read(query) == found


def test_objects_inside_are_parameters_too() -> None:
    found = read("a[b][c]=1&i[][n]=x&r[0][n]=y")
    inner = (found["a"], found["a"]["b"], found["i"][0], found["r"][0])
    assert {type(one) for one in inner} == {Params}


@pytest.mark.parametrize(
    "name", ["a[", "a]", "[a]", "a[b", "a[b]c", "a[[b]]", "a[b]]", "a[][]", "", "[]", "a[][][b]"]
)
def test_a_malformed_name_is_refused_and_named(name: str) -> None:
    with pytest.raises(MalformedRequestError, match="malformed") as caught:
        read(f"ok=1&{name}=2")
    assert repr(name) in str(caught.value)


@pytest.mark.parametrize(
    "query",
    [
        "a=1&a[b]=2",
        "a[b]=2&a=1",
        "a=1&a[]=2",
        "a[]=2&a=1",
        "a[]=1&a[b]=2",
        "a[b]=2&a[]=1",
        "a[][b]=1&a[]=2",
        "a[]=1&a[][b]=2",
        "a[b]=1&a[b][c]=2",
        "a[b][c]=1&a[b]=2",
        "a[][b]=1&a[][b][c]=2",
    ],
)
def test_names_that_contradict_each_other_are_refused(query: str) -> None:
    with pytest.raises(MalformedRequestError, match="'a.*contradicts an earlier one"):
        read(query)


def test_a_name_may_be_nested_so_deep_and_no_deeper() -> None:
    found = read("a" + "[b]" * (DEEPEST - 1) + "=1")
    for _ in range(DEEPEST - 1):
        found = next(iter(found.values()))
    assert found == {"b": "1"}
    with pytest.raises(MalformedRequestError, match="more than 32 levels"):
        read("a" + "[b]" * DEEPEST + "=1")


@pytest.mark.parametrize("query", ["a=%FF", "%FF=a", "a=%C3"])
def test_what_is_not_utf_8_is_refused(query: str) -> None:
    with pytest.raises(MalformedRequestError, match="not UTF-8"):
        read(query)


@pytest.mark.parametrize("query", ["a=%00", "a=x%00y", "a%00=1", "a=\0"])
def test_a_nul_character_is_refused(query: str) -> None:
    with pytest.raises(MalformedRequestError, match="NUL"):
        read(query)


def test_more_names_than_the_limit_are_refused_before_any_is_read() -> None:
    with pytest.raises(TooManyParametersError, match="more than 4,096 parameters"):
        read("a[b]=1&" * 100_000)


@pytest.mark.parametrize(
    "query",
    [
        "a=1&" * 4096,
        "&".join(f"a[{number}]=1" for number in range(4096)),
        "&".join(f"a[{number}][b]=1" for number in reversed(range(4096))),
        "a[][b]=1&" * 4095,
        "a[]=1&" * 4095,
        "a[][b][c][d][e]=1&" * 4095,
        "&".join("a" + "[0]" * 31 + f"[{number}]=1"[:0] + f"=x{number}" for number in range(4000)),
        "[" * 900_000,
        "a" + "[a]" * 300_000,
    ],
    ids=["flat", "indexes", "rows backwards", "rows", "list", "deep rows", "deep", "open", "steps"],
)
def test_a_form_as_large_as_allowed_is_read_or_refused_at_once(query: str) -> None:
    begun = time.perf_counter()
    try:
        read(query.removesuffix("&"))
    except MalformedRequestError:
        pass
    # Generous for a browser on a busy machine; anything quadratic takes minutes.
    assert time.perf_counter() - begun < 2
