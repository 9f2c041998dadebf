"""Shapes: equal ones have equal SQL, and lists have few."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from velocious.query.paths import relationship_paths
from velocious.query.shape import bound_values, padded, shape_of


def test_short_lists_are_padded_and_long_ones_travel_as_one_value() -> None:
    lengths = {padded(length) for length in range(257)}
    assert lengths == {0, 1, 2, 3, 4, 8, 16, 32, 64, 128, 256}
    assert padded(257) is None
    assert bound_values(list(range(257))) == [list(range(257))]


@given(st.lists(st.none() | st.integers(), max_size=300))
def test_as_many_values_are_bound_as_the_shape_says(values: list[int | None]) -> None:
    _, length, has_null = shape_of(values)  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType]
    bound = bound_values(values)
    assert len(bound) == (1 if length is None else length)
    assert has_null == (None in values)
    flat = bound[0] if length is None else bound
    assert set(flat) == {value for value in values if value is not None}


@pytest.mark.parametrize(
    ("given_paths", "paths"),
    [
        ("a", ["a"]),
        ("a.b", ["a", "a.b"]),
        (["a", "b"], ["a", "b"]),
        ({"a": "b"}, ["a", "a.b"]),
        ({"a": ["b", {"c": True}]}, ["a", "a.b", "a.c"]),
        (("a", {"a": "b"}, "a.b"), ["a", "a.b"]),
        ({"a": {"b": {"c": None}}}, ["a", "a.b", "a.b.c"]),
        ((), []),
    ],
)
def test_paths_come_parents_first_and_once(given_paths: Any, paths: list[str]) -> None:
    assert [".".join(path) for path in relationship_paths(given_paths)] == paths
