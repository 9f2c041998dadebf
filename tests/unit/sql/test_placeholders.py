"""Question marks of raw SQL: those that are placeholders, and those that are text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from velocious.sql.placeholders import split_placeholders


@pytest.mark.parametrize(
    ("sql", "pieces"),
    [
        ("a = 1", ["a = 1"]),
        ("?", ["", ""]),
        ("a = ? AND b = ?", ["a = ", " AND b = ", ""]),
        ("a = '?' AND b = ?", ["a = '?' AND b = ", ""]),
        ("a = 'it''s ?' AND b = ?", ["a = 'it''s ?' AND b = ", ""]),
        ('"?" = ?', ['"?" = ', ""]),
        ("`?` = ?", ["`?` = ", ""]),
        ("[?] = ?", ["[?] = ", ""]),
        ("a -- ?\n= ?", ["a -- ?\n= ", ""]),
        ("a /* ? */ = ?", ["a /* ? */ = ", ""]),
        ("a = 'open ?", ["a = 'open ?"]),
        ("a -- ?", ["a -- ?"]),
        ("a /* ?", ["a /* ?"]),
        ("a - ? / ?", ["a - ", " / ", ""]),
    ],
)
def test_cuts_at_placeholders_alone(sql: str, pieces: list[str]) -> None:
    assert split_placeholders(sql) == pieces


@given(st.text(alphabet="?'\"`[]-/*\n ab", max_size=40))
def test_nothing_is_lost_whatever_the_text(sql: str) -> None:
    assert "?".join(split_placeholders(sql)) == sql
