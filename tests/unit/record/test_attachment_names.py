"""Names of files that somebody else has chosen."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from velocious.record.attachments.names import LONGEST_NAME, media_type, safe_name


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=400))
def test_a_name_is_always_a_plain_one(text: str) -> None:
    name = safe_name(text)
    assert 0 < len(name.encode()) <= LONGEST_NAME
    assert not set(name) & set("/\\:\0\r\n")
    assert name not in (".", "..")
    assert all(unicodedata.category(one) not in ("Cc", "Cf", "Cs") for one in name)
    assert safe_name(name) == name


@given(st.text(max_size=80))
def test_a_type_is_always_one(text: str) -> None:
    kind = media_type(text, safe_name(text))
    assert kind.isascii()
    assert kind.count("/") == 1
    assert not set(kind) & set(" \r\n;,<>\"'()")
