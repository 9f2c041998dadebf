"""Schemas of messages: what fits, what is said about what does not, and what is never said."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from velocious.errors import ConfigurationError, Fault
from velocious.realtime.message_schema import MessageSchema

TASK: dict[str, Any] = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 20},
        "position": {"type": ["integer", "null"], "minimum": 0},
        "price": {"type": "number", "multipleOf": 0.1},
        "kind": {"enum": ["bug", "idea"], "default": "idea"},
        "parts": {"type": "array", "maxItems": 3, "items": {"$ref": "#"}},
    },
}


def said(data: Any, schema: dict[str, Any] = TASK) -> str:
    with pytest.raises(Fault) as caught:
        MessageSchema(schema).validate(data)
    assert caught.value.fault == "validation_failed"
    assert caught.value.status == 422
    return str(caught.value)


def test_what_fits_comes_back_with_defaults_and_stays_as_it_was() -> None:
    data = {"name": "a", "parts": [{"name": "b"}]}
    before = json.dumps(data)
    found = MessageSchema(TASK).validate(data)
    assert found == {
        "name": "a",
        "kind": "idea",
        "parts": [{"name": "b", "kind": "idea"}],
    }
    assert json.dumps(data) == before


def test_a_default_of_one_message_is_not_that_of_the_next() -> None:
    schema = MessageSchema({"type": "object", "properties": {"tags": {"default": []}}})
    schema.validate({})["tags"].append("mine")
    assert schema.validate({}) == {"tags": []}


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ([], "data: must be of the type object"),
        ({}, "data: lacks `name`"),
        ({"name": 5}, "data.name: must be of the type string"),
        ({"name": ""}, "data.name: must have at least 1 letters"),
        ({"name": "s3cret" * 4}, "data.name: must have at most 20 letters"),
        ({"name": "a", "position": "s3cret"}, "data.position: must be of the type integer or null"),
        ({"name": "a", "position": -1}, "data.position: must be at least 0"),
        ({"name": "a", "kind": "s3cret"}, "data.kind: is none of the values that are allowed"),
        ({"name": "a", "s3cret": 1}, "data: has a property that nobody reads"),
        ({"name": "a", "parts": [{"name": "b"}, {}]}, "data.parts.1: lacks `name`"),
        ({"name": "a", "parts": [{"name": "b"}] * 4}, "data.parts: must have at most 3 items"),
    ],
)
def test_a_mistake_is_told_by_place_and_rule(data: Any, wanted: str) -> None:
    assert said(data) == wanted


def test_a_place_is_short_even_where_a_client_chose_its_name() -> None:
    open_to_all = {"additionalProperties": {"type": "integer"}}
    assert len(said({"x" * 10_000: "y"}, open_to_all)) < 200


@pytest.mark.parametrize("price", [1e400, -1e400, 10**400, float("nan")])
def test_numbers_that_cannot_be_checked_are_mistakes_of_the_client(price: float) -> None:
    assert said({"name": "a", "price": price}).startswith("data")


def test_what_is_nested_too_deeply_is_a_mistake_of_the_client() -> None:
    data: dict[str, Any] = {"name": "a"}
    for _ in range(100_000):
        data = {"name": "a", "parts": [data]}
    assert said(data) == "data: cannot be checked"
    while data.get("parts"):
        # Piece by piece: even freeing it at once would go too deep.
        data = data["parts"][0]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "objekt"},
        {"type": 5},
        {"properties": 5},
        {"items": {"pattern": "("}},
        {"required": 5},
        {"$ref": "#/definitions/missing"},
    ],
)
def test_what_is_no_schema_is_told_when_it_is_compiled(schema: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="JSON Schema"):
        MessageSchema(schema)


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:9/a.json", "file:///etc/passwd", "other.json", "//host/x"]
)
def test_a_schema_fetches_nothing(target: str) -> None:
    with pytest.raises(ConfigurationError, match="outside of itself"):
        MessageSchema({"properties": {"a": {"items": [{"$ref": target}]}}})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 30) | st.floats(-2, 2) | st.text(max_size=22),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(
            st.sampled_from(["name", "position", "price", "kind", "parts", "x"]), inside, max_size=5
        )
    ),
    max_leaves=12,
)
WITHOUT_PRICE = {
    **TASK,
    "properties": {name: one for name, one in TASK["properties"].items() if name != "price"},
}
ORACLE = jsonschema.Draft7Validator(WITHOUT_PRICE)
COMPILED = MessageSchema(WITHOUT_PRICE)


@given(JSON)
def test_another_library_finds_the_same(data: Any) -> None:
    try:
        COMPILED.validate(data)
    except Fault:
        fits = False
    else:
        fits = True
    assert ORACLE.is_valid(data) == fits  # pyright: ignore[reportUnknownMemberType]


@given(JSON, st.sampled_from(["name", "kind", "position"]))
def test_a_value_is_never_repeated(data: Any, place: str) -> None:
    marked = {"name": "a", place: {"s3cret": [data, "s3cret"]}}
    assert "s3cret" not in said(marked)
