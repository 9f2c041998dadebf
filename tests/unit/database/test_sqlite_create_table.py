"""Editing CREATE TABLE statements without touching what was not meant."""

from __future__ import annotations

import pytest

from velocious.database.sqlite.create_table import CreateTable
from velocious.database.sqlite.tokens import mentions, tokens, where_of
from velocious.errors import MigrationError

TABLE = """CREATE TABLE "tasks" (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, -- the key, with, commas
  "name" VARCHAR(255) COLLATE NOCASE DEFAULT 'a, (b' NOT NULL CHECK (length(name) > 0),
  p_id BIGINT CONSTRAINT p REFERENCES ps(id) ON DELETE SET NULL NOT DEFERRABLE INITIALLY DEFERRED,
  amount DECIMAL_TEXT(10, 2) DEFAULT -1 UNIQUE,
  d DEFAULT (datetime('now', 'x')), up AS (1 + 2) NULL, bare,
  CONSTRAINT u UNIQUE (name COLLATE NOCASE DESC, amount),
  FOREIGN KEY (p_id, amount) REFERENCES o(a, b) ON UPDATE SET DEFAULT CHECK (amount > 0)
) WITHOUT ROWID"""

table = CreateTable.parse(TABLE)


def kinds(column: str) -> list[str]:
    return [clause.kind for clause in table.column(column).clauses]


def test_what_is_not_changed_stays_letter_by_letter() -> None:
    assert table.sql('"tasks"') == TABLE


def test_words_inside_of_clauses_do_not_open_others() -> None:
    assert kinds("id") == ["PRIMARY", "NOT NULL"]
    assert kinds("name") == ["COLLATE", "DEFAULT", "NOT NULL", "CHECK"]
    assert kinds("p_id") == ["REFERENCES"]
    assert kinds("amount") == ["DEFAULT", "UNIQUE"]
    assert kinds("up") == ["AS", "NULL"]
    assert kinds("bare") == []


def test_constraints_need_no_comma_between_them() -> None:
    last = table.definitions[-1]
    assert [clause.kind for clause in last.clauses] == ["FOREIGN", "CHECK"]


def test_a_type_is_replaced_alone() -> None:
    assert table.column("name").with_type("TEXT").text.strip() == (
        "-- the key, with, commas\n"
        "  \"name\" TEXT COLLATE NOCASE DEFAULT 'a, (b' NOT NULL CHECK (length(name) > 0)"
    )
    assert table.column("d").with_type("TEXT").text.strip().startswith("d TEXT DEFAULT (")
    assert table.column("bare").with_type("TEXT").text.strip() == "bare TEXT"


def test_a_clause_is_replaced_or_added_behind_the_type() -> None:
    assert "DEFAULT 5 UNIQUE" in table.column("amount").with_clause("DEFAULT", "DEFAULT 5").text
    assert "bare DEFAULT 5" in table.column("bare").with_clause("DEFAULT", "DEFAULT 5").text


def test_a_comment_never_swallows_what_follows() -> None:
    commented = CreateTable.parse("CREATE TABLE t (a INT -- why\n NOT NULL, b INT -- last\n)")
    changed = commented.column("a").without(lambda clause: clause.kind == "NOT NULL")
    text = commented.with_column("a", changed).adding_column("c INT").sql("t")
    words = [token.text for token in tokens(text)]
    assert words == "CREATE TABLE t ( a INT , b INT , c INT )".split()


def test_constraints_of_a_column_are_found_by_their_columns() -> None:
    freed = table.without_constraints_of("amount")
    text = freed.sql("t")
    assert "CONSTRAINT u" not in text
    assert "FOREIGN KEY" not in text
    assert "CHECK (amount > 0)" in text
    assert [clause.kind for clause in freed.column("amount").clauses] == ["DEFAULT"]


def test_a_foreign_key_is_removed_by_exactly_its_columns() -> None:
    assert "REFERENCES ps" not in table.without_foreign_key(["p_id"]).sql("t")
    assert "FOREIGN KEY" in table.without_foreign_key(["p_id"]).sql("t")
    assert "FOREIGN KEY" not in table.without_foreign_key(["p_id", "amount"]).sql("t")


def test_a_virtual_table_is_refused() -> None:
    with pytest.raises(MigrationError, match="not an ordinary table"):
        CreateTable.parse("CREATE VIRTUAL TABLE t USING fts5(a)")


def test_names_in_literals_and_comments_are_not_mentioned() -> None:
    assert not mentions("SELECT 'name' /* name */ -- name", "name")
    assert mentions('SELECT "Name"', "name")
    assert mentions("SELECT [name]", "name")


def test_the_condition_of_a_partial_index() -> None:
    assert where_of("CREATE INDEX i ON t ((a || ' where ')) WHERE a > 'where' ;") == "a > 'where'"
    assert where_of("CREATE INDEX i ON t (a)") is None
