"""PostgreSQL's SQL as text: placeholders, statements, JSON, names. No server is needed."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from velocious.database.postgresql.column import plain_default, stripped
from velocious.errors import QueryError, UnsupportedValueError
from velocious.sql.dialects.postgresql import PostgresqlDialect
from velocious.sql.dialects.postgresql_text import cut_at_marks, first_words, numbered, reads
from velocious.sql.dialects.postgresql_types import jsonb_text


@pytest.mark.parametrize(
    ("sql", "pieces"),
    [
        ("a = ? AND b = ?", ["a = ", " AND b = ", ""]),
        ("a = '?' AND b = ?", ["a = '?' AND b = ", ""]),
        (r"a = E'it\'s ?' AND b = ?", [r"a = E'it\'s ?' AND b = ", ""]),
        ('"?" = ?', ['"?" = ', ""]),
        ("tags @> ARRAY[?]", ["tags @> ARRAY[", "]"]),
        ("a = $$ ? $$ OR b = ?", ["a = $$ ? $$ OR b = ", ""]),
        ("a = $x$ ? $$ ? $x$ OR b = ?", ["a = $x$ ? $$ ? $x$ OR b = ", ""]),
        ("a -- why?\n = ?", ["a -- why?\n = ", ""]),
        ("a /* why? */ = ?", ["a /* why? */ = ", ""]),
        ("data ?? ? OR data ??| b", ["data ? ", " OR data ?| b"]),
    ],
)
def test_question_marks_are_placeholders_outside_of_quotes(sql: str, pieces: list[str]) -> None:
    assert cut_at_marks(sql) == pieces


@pytest.mark.parametrize(
    ("sql", "count", "expected"),
    [
        ("a = ? AND b = ?", 2, "a = $1 AND b = $2"),
        ("a = '?' AND b = ?", 1, "a = '?' AND b = $1"),
        ("data ? 'key'", 0, "data ? 'key'"),
        ("data ? $1", 1, "data ? $1"),
        ("data ? ?", 1, "data ? ?"),
        ("data ?? ?", 1, "data ? $1"),
    ],
)
def test_placeholders_are_numbered_where_they_are_meant(
    sql: str, count: int, expected: str
) -> None:
    assert numbered(sql, count) == expected


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("INSERT INTO a VALUES ('; COMMIT'); -- ; ROLLBACK\n SELECT 1", ["INSERT", "SELECT"]),
        ("  (select 1) ; /* x */ commit", ["SELECT", "COMMIT"]),
        ("DO $$ BEGIN COMMIT; END $$; SELECT 1", ["DO", "SELECT"]),
        (
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; ROLLBACK",
            ["CREATE", "ROLLBACK"],
        ),
        ("", []),
    ],
)
def test_the_first_words_of_statements_are_found(sql: str, words: list[str]) -> None:
    assert list(first_words(sql)) == words


def test_what_writes_inside_of_with_is_no_read() -> None:
    assert reads("WITH a AS (SELECT 1) SELECT * FROM a", "WITH")
    assert not reads("WITH a AS (DELETE FROM t RETURNING id) SELECT * FROM a", "WITH")
    assert not reads("UPDATE t SET a = 1", "UPDATE")


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.text(
                    st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=4
                ),
                inner,
                max_size=3,
            )
        ),
        max_leaves=8,
    )
)
def test_json_keeps_its_value_and_is_written_the_same_again(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    written = jsonb_text(text)
    assert json.loads(written) == value
    again = json.dumps(json.loads(written), ensure_ascii=False, separators=(",", ":"))
    assert jsonb_text(again) == written
    assert "e+" not in written or '"' in written


def test_json_with_nul_is_refused_but_not_its_spelling() -> None:
    with pytest.raises(UnsupportedValueError, match="NUL"):
        jsonb_text('["a\\u0000"]')
    assert jsonb_text('["a\\\\u0000"]') == '["a\\\\u0000"]'
    assert math.isclose(json.loads(jsonb_text("1e-7")), 1e-7)


@pytest.mark.parametrize(
    ("default", "kind", "plain"),
    [
        ("'it''s'::character varying", "string", "'it''s'"),
        ("'{}'::text[]", "any", "'{}'"),
        ("'1.10'::numeric(8,2)", "decimal", "1.10"),
        ("'-1'::integer", "integer", "-1"),
        ("0", "integer", "0"),
        ("NULL::character varying", "string", None),
        ("CURRENT_TIMESTAMP", "datetime", "CURRENT_TIMESTAMP"),
        ("lower('A'::text)", "text", "lower('A'::text)"),
        (None, "text", None),
    ],
)
def test_defaults_lose_the_casts_of_the_server(
    default: str | None, kind: str, plain: str | None
) -> None:
    assert plain_default(default, kind) == plain


def test_only_parentheses_around_everything_are_stripped() -> None:
    assert stripped("(a > 1)") == "a > 1"
    assert stripped("(a > 1) OR (b > 1)") == "(a > 1) OR (b > 1)"
    assert stripped("done") == "done"


def test_names_that_the_server_would_cut_are_refused_or_shortened() -> None:
    dialect = PostgresqlDialect()
    assert dialect.quote("ä" * 31) == f'"{"ä" * 31}"'
    with pytest.raises(QueryError, match="more than 63 bytes"):
        dialect.quote("ä" * 32)
    long = [dialect.shortened("x" * 70 + end) for end in "ab"]
    assert len(set(long)) == 2
    assert all(len(name) <= 63 for name in long)
    assert dialect.shortened("short") == "short"
