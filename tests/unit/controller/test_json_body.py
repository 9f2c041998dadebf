"""Any JSON is read as it was written, however its texts look like brackets."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from velocious.controller.body.json_body import parse_json

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text('[]{}"\\aé', max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text('{"\\b'), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(JSON_VALUES)
@settings(max_examples=100, deadline=None)
def test_what_json_can_say_is_read_as_it_was_written(value: object) -> None:
    assert parse_json(json.dumps(value).encode()) == value
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value
