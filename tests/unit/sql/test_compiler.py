"""What statements look like, and in which order their values are bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from velocious.errors import QueryError, UnsupportedValueError
from velocious.sql import nodes as n
from velocious.sql.compiler import compile_statement
from velocious.sql.dialects.base import Dialect
from velocious.sql.dialects.sqlite import SqliteDialect
from velocious.sql.statements import Delete, Insert, Join, Select, SelectCount, Update
from velocious.sql.types import column_type

if TYPE_CHECKING:
    from velocious.sql.nodes import Expression
    from velocious.sql.statements import Statement

NAME = n.Column("tasks", "name")
ID = n.Column("tasks", "id")
TEXT = column_type("text")
INTEGER = column_type("integer")


def sql(statement: Statement, dialect: Dialect | None = None) -> str:
    return compile_statement(statement, dialect or SqliteDialect()).sql


def where(expression: Expression) -> str:
    return sql(Delete("tasks", expression)).removeprefix('DELETE FROM "tasks" WHERE ')


def test_a_select_has_its_parts_in_order() -> None:
    project = n.Column("projects", "id")
    on = n.Binary(project, "=", n.Column("tasks", "project_id"))
    select = Select(
        "tasks",
        (ID, NAME),
        joins=(Join("LEFT", "projects", "projects", on), Join("INNER", "projects", "other", on)),
        where=n.Binary(NAME, "=", n.Parameter(TEXT)),
        order=(n.Sorted(NAME, descending=True), ID),
        distinct=True,
        limited=True,
        offset=True,
    )
    assert sql(select) == (
        'SELECT DISTINCT "tasks"."id", "tasks"."name" FROM "tasks" '
        'LEFT JOIN "projects" ON "projects"."id" = "tasks"."project_id" '
        'INNER JOIN "projects" AS "other" ON "projects"."id" = "tasks"."project_id" '
        'WHERE "tasks"."name" = ? ORDER BY "tasks"."name" DESC, "tasks"."id" LIMIT ? OFFSET ?'
    )
    assert sql(SelectCount(Select("tasks", (ID,)))) == (
        'SELECT COUNT(*) FROM (SELECT "tasks"."id" FROM "tasks") AS counted'
    )


def test_an_offset_without_a_limit_is_what_the_dialect_allows() -> None:
    select = Select("tasks", (ID,), offset=True)
    assert sql(select).endswith(" LIMIT -1 OFFSET ?")
    assert sql(select, Dialect()).endswith('"tasks" OFFSET ?')


def test_statements_that_write() -> None:
    assert sql(Insert("tasks", ("name", "done"), returning=("id",))) == (
        'INSERT INTO "tasks" ("name", "done") VALUES (?, ?) RETURNING "id"'
    )
    assert sql(Insert("tasks", ())) == 'INSERT INTO "tasks" DEFAULT VALUES'
    assert sql(Update("tasks", ("name", "done"), n.Binary(ID, "=", n.Parameter(None)))) == (
        'UPDATE "tasks" SET "name" = ?, "done" = ? WHERE "tasks"."id" = ?'
    )
    assert sql(Delete("tasks", None)) == 'DELETE FROM "tasks"'


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (n.All(()), "1 = 1"),
        (n.Either(()), "1 = 0"),
        (n.InList(ID, INTEGER, 0), "1 = 0"),
        (n.InList(ID, INTEGER, 0, negated=True), "1 = 1"),
        (n.InList(ID, INTEGER, 2), '"tasks"."id" IN (?, ?)'),
        (n.InList(ID, INTEGER, 1, negated=True), '"tasks"."id" NOT IN (?)'),
        (n.InArray(ID, INTEGER), '"tasks"."id" IN (SELECT value FROM json_each(?))'),
        (n.IsNull(ID), '"tasks"."id" IS NULL'),
        (n.IsNull(ID, negated=True), '"tasks"."id" IS NOT NULL'),
        (n.Not(n.IsNull(ID)), 'NOT ("tasks"."id" IS NULL)'),
        (n.Between(ID, n.Parameter(None), n.Parameter(None)), '"tasks"."id" BETWEEN ? AND ?'),
        (n.Number(ID), 'CAST("tasks"."id" AS NUMERIC)'),
        (n.Call("COUNT"), "COUNT(*)"),
        (n.Call("COUNT", (ID,), distinct=True), 'COUNT(DISTINCT "tasks"."id")'),
        (n.Raw("a = 1 OR b = 2"), "a = 1 OR b = 2"),
    ],
)
def test_an_expression_is_written(expression: Expression, text: str) -> None:
    assert where(expression) == text


def test_connectives_inside_connectives_get_parentheses() -> None:
    either = n.Either((n.IsNull(ID), n.IsNull(NAME)))
    both = n.All((either, n.Raw("a OR b"), n.IsNull(ID)))
    assert where(both) == (
        '("tasks"."id" IS NULL OR "tasks"."name" IS NULL) AND (a OR b) AND "tasks"."id" IS NULL'
    )


def test_values_are_encoded_in_the_order_of_their_placeholders() -> None:
    select = Select(
        "tasks",
        (ID,),
        where=n.All((n.InList(ID, INTEGER, 2), n.Raw("x = ?", 1), n.InArray(NAME, TEXT))),
        limited=True,
    )
    compiled = compile_statement(select, SqliteDialect())
    assert compiled.bind(["1", 2.0, "raw", ["a", "é"], 5]) == [1, 2, "raw", '["a", "é"]', 5]
    with pytest.raises(UnsupportedValueError, match="'x' does not fit a column of type integer"):
        compiled.bind(["x", 2, "raw", [], 5])
    with pytest.raises(ValueError, match="shorter"):
        compiled.bind([1])


@pytest.mark.parametrize("name", ['a"b', "a b", "select", "ø", "a;b--"])
def test_a_name_is_quoted(name: str) -> None:
    doubled = name.replace('"', '""')
    assert sql(Delete(name, None)) == f'DELETE FROM "{doubled}"'


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_an_unusable_name_is_refused(name: str) -> None:
    with pytest.raises(QueryError, match="is not a usable name"):
        sql(Delete(name, None))


def test_a_statement_compiled_twice_is_the_same() -> None:
    select = Select("tasks", (ID,), where=n.Binary(NAME, "=", n.Parameter(TEXT)))
    assert sql(select) == sql(select)
