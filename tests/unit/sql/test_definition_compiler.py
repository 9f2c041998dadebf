"""Definitions as SQL."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from velocious.errors import QueryError, UnsupportedValueError
from velocious.sql.definition_compiler import DefinitionCompiler, literal
from velocious.sql.definitions import (
    CheckDefinition,
    ColumnDefinition,
    ForeignKeyDefinition,
    IndexDefinition,
    TableDefinition,
    sql,
)
from velocious.sql.dialects.sqlite import SqliteDialect

compiler = DefinitionCompiler(SqliteDialect())


def test_a_table_with_key_default_check_and_foreign_key() -> None:
    key = ForeignKeyDefinition("fk", ("a_id",), "as", on_delete="CASCADE")
    table = TableDefinition(
        "b",
        (
            ColumnDefinition("id", "integer", null=False, primary_key=True, automatic=True),
            ColumnDefinition("a_id", "bigint", null=False, foreign_key=key),
            ColumnDefinition("name", "string", default="", limit=10, check="name <> 'x'"),
        ),
        checks=(CheckDefinition("positive", "a_id > 0"),),
    )
    assert compiler.create_table(table) == (
        'CREATE TABLE "b" (\n'
        '  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,\n'
        '  "a_id" BIGINT NOT NULL,\n'
        "  \"name\" VARCHAR(10) DEFAULT '' CHECK (name <> 'x'),\n"
        '  CONSTRAINT "fk" FOREIGN KEY ("a_id") REFERENCES "as" ("id") ON DELETE CASCADE,\n'
        '  CONSTRAINT "positive" CHECK (a_id > 0)\n)'
    )


def test_an_index_with_an_expression_and_a_condition() -> None:
    index = IndexDefinition("i", "t", ("a", sql("lower(b)")), unique=True, where="a > 0")
    assert compiler.create_index(index) == (
        'CREATE UNIQUE INDEX "i" ON "t" ("a", (lower(b))) WHERE a > 0'
    )


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("boolean", False, "0"),
        ("boolean", True, "1"),
        ("integer", 0, "0"),
        ("float", 1.5, "1.5"),
        ("string", "", "''"),
        ("string", "it's", "'it''s'"),
        ("decimal", Decimal("1.10"), "'1.10'"),
        ("binary", b"\x00'", "X'0027'"),
        ("json", {"a": [1]}, "'{\"a\":[1]}'"),
        ("uuid", UUID(int=1), "'00000000-0000-0000-0000-000000000001'"),
        ("datetime", datetime(2026, 1, 2, tzinfo=UTC), "'2026-01-02 00:00:00.000000'"),
        ("string", None, "NULL"),
        ("datetime", sql("CURRENT_TIMESTAMP"), "(CURRENT_TIMESTAMP)"),
    ],
)
def test_a_default_is_spelled_as_its_type_stores_it(kind: str, value: Any, text: str) -> None:
    assert compiler.default(kind, value) == text


def test_text_cannot_leave_its_quotes() -> None:
    assert literal("'; DROP TABLE x; --") == "'''; DROP TABLE x; --'"
    with pytest.raises(UnsupportedValueError, match="without NUL"):
        literal("a\x00b")
    with pytest.raises(UnsupportedValueError):
        literal(float("nan"))


def test_names_are_quoted() -> None:
    assert compiler.drop_table('a"b') == 'DROP TABLE "a""b"'
    with pytest.raises(QueryError):
        compiler.drop_table("")
