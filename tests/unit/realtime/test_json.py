"""What is published, as JSON."""

from __future__ import annotations

import math
from typing import Any

import pytest

from velocious.realtime.publication import quoted, to_json


def test_what_contains_itself_is_an_error_that_says_so() -> None:
    inside: list[Any] = []
    inside.append({"again": inside})
    with pytest.raises(ValueError, match="contains itself"):
        to_json(inside)
    assert to_json([1]) == "[1]"


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_numbers_that_json_does_not_know_are_errors(number: float) -> None:
    with pytest.raises(ValueError):
        to_json({"n": number})


def test_the_same_value_twice_is_no_circle() -> None:
    one = {"ä": 1}
    assert to_json([one, one, "é"]) == '[{"ä":1},{"ä":1},"é"]'


def test_names_and_ids_are_quoted_each_by_its_own_type() -> None:
    assert [quoted(one) for one in ("1", 1, "a\n")] == ['"1"', "1", '"a\\n"']
