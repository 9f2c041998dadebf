"""MySQL's own words, where they differ from standard SQL."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from velocious.errors import QueryError
from velocious.sql import nodes as n
from velocious.sql.compiler import compile_statement
from velocious.sql.definition_compiler import DefinitionCompiler
from velocious.sql.definitions import ColumnDefinition, IndexDefinition, TableDefinition
from velocious.sql.dialects.mysql import MysqlDialect
from velocious.sql.statements import Delete, Insert, Select, Update

DIALECT = MysqlDialect()
ID = n.Column("tasks", "id")


@pytest.mark.parametrize("name", ["", "a\x00b", "x" * 65])
def test_a_name_the_server_would_refuse_is_refused_before(name: str) -> None:
    with pytest.raises(QueryError):
        DIALECT.quote(name)


def test_a_name_is_quoted_whatever_it_holds() -> None:
    assert DIALECT.quote("a`; --") == "`a``; --`"


def test_an_offset_without_a_limit_has_one() -> None:
    assert DIALECT.limit(None, "?") == " LIMIT 18446744073709551615 OFFSET ?"
    assert DIALECT.limit("?", None) == " LIMIT ?"


def test_a_row_of_defaults_names_no_columns() -> None:
    assert compile_statement(Insert("tasks", ()), DIALECT).sql == "INSERT INTO `tasks` () VALUES ()"


def test_an_upsert_updates_only_the_row_of_its_conflict_columns() -> None:
    assert DIALECT.upsert(("a", "b"), ("c", "d")) == (
        " ON DUPLICATE KEY UPDATE `c` = IF(`a` <=> VALUES(`a`) AND `b` <=> VALUES(`b`), "
        "VALUES(`c`), (SELECT 1 UNION ALL SELECT 2)), `d` = VALUES(`d`)"
    )
    assert DIALECT.upsert(("a",), ()) == (
        " ON DUPLICATE KEY UPDATE `a` = IF(`a` <=> VALUES(`a`), `a`, (SELECT 1 UNION ALL SELECT 2))"
    )


def test_rows_that_are_limited_or_changed_are_found_in_a_derived_table() -> None:
    plain = Select("tasks", (ID,))
    among = n.Among(ID, plain)
    derived = "IN (SELECT * FROM (SELECT DISTINCT * FROM (SELECT"
    assert derived not in compile_statement(Select("tasks", (ID,), where=among), DIALECT).sql
    limited = n.Among(ID, plain.replaced(limited=True))
    assert derived in compile_statement(Select("tasks", (ID,), where=limited), DIALECT).sql
    assert derived in compile_statement(Delete("tasks", among), DIALECT).sql
    assert derived in compile_statement(Update("tasks", ("name",), among), DIALECT).sql


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("bigint", "value BIGINT PATH '$'"),
        ("string", "value LONGTEXT PATH '$'"),
        ("datetime", "value DATETIME(6) PATH '$'"),
        ("binary", "SELECT UNHEX(value)"),
        (None, "value LONGTEXT PATH '$'"),
    ],
)
def test_a_long_list_becomes_rows_of_its_own_type(kind: str | None, column: str) -> None:
    sql = DIALECT.in_array("`a`", "?", kind, negated=True)
    assert sql.startswith("`a` NOT IN (SELECT ")
    assert column in sql


def test_the_members_of_a_long_list_travel_as_json() -> None:
    encode = DIALECT.array_encoder(None)
    values = [1, "é", Decimal("1.10"), date(2026, 1, 2), timedelta(hours=5), b"\x00\xff"]
    assert json.loads(encode(values)) == [1, "é", "1.10", "2026-01-02", "5:00:00", "00ff"]
    with pytest.raises(TypeError, match="object"):
        encode([object()])


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("datetime", datetime(2026, 1, 2, 3, tzinfo=UTC), datetime(2026, 1, 2, 3)),
        ("time", time(1, 2, 3, 4), timedelta(hours=1, minutes=2, seconds=3, microseconds=4)),
        ("boolean", True, 1),
        ("uuid", UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ("decimal", Decimal("1.10"), Decimal("1.10")),
        ("binary", b"\x00", b"\x00"),
    ],
)
def test_a_value_is_stored_as_the_server_has_it(kind: str, value: object, stored: object) -> None:
    column = DIALECT.column_type(kind)
    assert column.encode(value) == stored
    assert column.decode(stored) == value


@pytest.mark.parametrize("stored", [timedelta(days=1), timedelta(seconds=-1)])
def test_a_duration_is_no_time_of_a_day(stored: timedelta) -> None:
    with pytest.raises(ValueError, match="no time of a day"):
        DIALECT.column_type("time").decode(stored)


def test_a_table_says_how_its_text_is_compared_on_either_server() -> None:
    compiler = DefinitionCompiler(DIALECT)
    body = ColumnDefinition("body", "text", default="it's")
    sql = compiler.create_table(TableDefinition("notes", (body,)))
    assert "`body` LONGTEXT DEFAULT ('it''s')" in sql
    assert sql.endswith(
        " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 /*M!100200 COLLATE=utf8mb4_nopad_bin */ "
        "/*!80017 COLLATE=utf8mb4_0900_bin */"
    )
    index = IndexDefinition("by_body", "notes", ("body",))
    assert compiler.create_index(index, (), {"body"}) == (
        "CREATE INDEX `by_body` ON `notes` (`body`(255))"
    )
    assert compiler.drop_index("by_body", "notes") == "DROP INDEX `by_body` ON `notes`"
