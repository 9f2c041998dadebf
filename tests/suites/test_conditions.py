"""Conditions: keywords, lists, NULL, expressions, raw SQL, and their combinations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Account, Project, Task
from velocious.errors import (
    QueryError,
    StatementError,
    UnknownAttributeError,
    UnknownOperatorError,
    UnknownRelationshipError,
    UnsupportedValueError,
)
from velocious.query import all_of, any_of, raw
from velocious.query.conditions import Comparison

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment


@pytest.fixture
async def tasks(tracker: Configuration) -> AsyncIterator[Configuration]:
    """Tasks at positions 1, 2, 3 and None; 2 is done."""
    for name, position, done in (("a", 1, 0), ("b", 2, 1), ("c", 3, 0), ("d", None, 0)):
        await Task.create(name=name, position=position, done=done)
    yield tracker


async def names(*conditions: Any, **attributes: Any) -> str:
    return "".join(await Task.where(*conditions, **attributes).order("name").pluck("name"))


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ({"position": 2}, "b"),
        ({"position": None}, "d"),
        ({"position": [1, 3]}, "ac"),
        ({"position": (1, 3)}, "ac"),
        ({"position": {1, 3}}, "ac"),
        ({"position": frozenset({1, 3})}, "ac"),
        ({"position": range(2)}, "a"),
        ({"position": [1, None]}, "ad"),
        ({"position": [None]}, "d"),
        ({"position": []}, ""),
        ({"position": ["2", 3.0]}, "bc"),
        ({"done": True}, "b"),
        ({"done": "no"}, "acd"),
        ({"done": [True, False]}, "abcd"),
        ({"name": "a", "position": 1}, "a"),
        ({"name": "a", "position": 2}, ""),
        ({}, "abcd"),
    ],
)
async def test_keywords(
    tasks: Configuration, attributes: dict[str, Any], found: str | None
) -> None:
    if found is None:
        attributes, found = {"position": frozenset({1, 3})}, "ac"
    assert await names(**attributes) == found
    assert await names(attributes) == found if attributes else True


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda: Task.position == 2, "b"),
        (lambda: Task.position != 2, "ac"),
        (lambda: Task.position > 1, "bc"),
        (lambda: Task.position >= 2, "bc"),
        (lambda: Task.position < 2, "a"),
        (lambda: Task.position <= 2, "ab"),
        (lambda: Task.position == None, "d"),  # noqa: E711
        (lambda: Task.position != None, "abc"),  # noqa: E711
        (lambda: Task.position.is_null(), "d"),
        (lambda: Task.position.is_not_null(), "abc"),
        (lambda: Task.position.in_([1, None]), "ad"),
        (lambda: Task.position.in_([]), ""),
        (lambda: Task.position.not_in([1]), "bc"),
        (lambda: Task.position.not_in([1, None]), "bc"),
        (lambda: Task.position.not_in([]), "abcd"),
        (lambda: Task.position == [1, 2], "ab"),
        (lambda: Task.position != [1, 2], "c"),
        (lambda: Task.position.between(2, 3), "bc"),
        (lambda: Task.name.like("A%"), "a"),
        (lambda: Task.name.not_like("a%"), "bcd"),
        (lambda: any_of(Task.position > 2, Task.position < 2), "ac"),
        (lambda: any_of(), ""),
        (lambda: all_of(Task.position > 1, Task.position < 3), "b"),
        (lambda: all_of(), "abcd"),
        (lambda: any_of(all_of(Task.position > 1, Task.position < 3), Task.position == 3), "bc"),
    ],
)
async def test_expressions(tasks: Configuration, make: Any, found: str) -> None:
    assert await names(make()) == found


async def test_where_not_takes_what_where_takes(tasks: Configuration) -> None:
    async def without(*conditions: Any, **attributes: Any) -> str:
        query = Task.where_not(*conditions, **attributes).order("name")
        return "".join(await query.pluck("name"))

    assert await without(done=True) == "acd"
    assert await without(position=[1, 2]) == "c"
    assert await without(position=None) == "abc"
    assert await without(position=[]) == "abcd"
    assert await without(position=1, done=True) == "abcd"
    assert await without(Task.position > 1) == "a"
    assert await without("position = ? OR position = ?", 1, 2) == "c"
    with pytest.raises(QueryError, match="where_not needs a condition"):
        Task.where_not()


async def test_conditions_of_a_chain_all_hold(tasks: Configuration) -> None:
    query = Task.where(done=False).where(Task.position > 0).where("name <> ?", "a")
    assert await query.pluck("name") == ["c"]


async def test_or_joins_two_queries(tasks: Configuration) -> None:
    either = Task.where(done=True).or_(Task.where(position=None)).order("name")
    assert await either.pluck("name") == ["b", "d"]
    narrowed = Task.where(position=1, done=False).or_(Task.where(done=True)).where(name="b")
    assert await narrowed.pluck("name") == ["b"]
    assert await Task.query().or_(Task.where(done=True)).count() == 4


async def test_or_refuses_what_would_lose_rows(tasks: Configuration) -> None:
    with pytest.raises(QueryError, match="or_ takes a query of Task"):
        Task.query().or_(Project.query())  # pyright: ignore[reportArgumentType]
    with pytest.raises(QueryError, match="without limit and offset"):
        Task.query().or_(Task.limit(1))
    with pytest.raises(QueryError, match="without limit and offset"):
        Task.offset(1).or_(Task.query())
    with pytest.raises(QueryError, match="same joins"):
        Task.where(done=True).or_(Task.joins("project"))


async def test_or_keeps_rows_without_a_partner(tasks: Configuration) -> None:
    project = await Project.create(name="Apollo")
    await Task.create(name="e", project=project)
    either = Task.where(position=1).or_(Task.where(project={"name": "Apollo"})).order("name")
    assert await either.pluck("name") == ["a", "e"]
    both = any_of(Task.position == 1, Task.where(project={"name": "Apollo"})._conditions[0])
    assert await names(both) == "ae"


# Raw SQL


async def test_raw_sql_takes_a_value_for_each_question_mark(tasks: Configuration) -> None:
    assert await names("tasks.position > ? AND name < ?", 1, "c") == "b"
    assert await names("position IS NULL") == "d"
    assert await names("name = ? OR name = ?", "a", "b") == "ab"
    assert await names("name = 'a' OR name = 'b'", done=True) == "b"


@pytest.mark.parametrize(
    "sql",
    [
        "name <> '?' AND name = ?",
        "name <> 'it''s ?' AND name = ?",
        '"name" <> "?" AND name = ?',
        "name = ? -- really?",
        "/* why? */ name = ?",
        "[name] = ?",
        "`name` = ?",
    ],
)
async def test_question_marks_in_quotes_and_comments_are_text(
    environment: TestEnvironment, tasks: Configuration, sql: str
) -> None:
    if sql[0] in "[`" or '"?"' in sql:
        # Brackets, backticks and text in double quotes are SQLite's own.
        environment.needs("sqlite_files")
    if "--" in sql:
        sql += "\n"
    assert await Task.where(sql, "a").pluck("name") == ["a"]


@pytest.mark.parametrize(("sql", "values"), [("name = ?", ()), ("name = 1", (2,)), ("?", (1, 2))])
async def test_raw_sql_with_the_wrong_number_of_values_is_refused(
    tasks: Configuration, sql: str, values: Any
) -> None:
    with pytest.raises(UnsupportedValueError, match="Give one value for each question mark"):
        await Task.where(sql, *values).to_list()


@pytest.mark.parametrize("value", [[1, 2], {"a": 1}, object(), 2**63, float("nan")])
async def test_raw_sql_refuses_values_that_cannot_be_bound(
    tasks: Configuration, value: Any
) -> None:
    with pytest.raises(UnsupportedValueError, match="cannot be a parameter|does not fit"):
        await Task.where("position = ?", value).to_list()


async def test_wrong_raw_sql_is_reported_with_its_text_and_without_its_values(
    tasks: Configuration,
) -> None:
    with pytest.raises(
        StatementError, match=r"no such column: nope|column \"?nope\"? does not exist"
    ) as caught:
        await Task.where("nope = ?", "secret").to_list()
    assert "secret" not in str(caught.value)
    assert "(nope = " in caught.value.sql


async def test_a_value_is_never_sql(tasks: Configuration) -> None:
    evil = "x' OR '1'='1"
    assert await names(name=evil) == ""
    assert await names("name = ?", evil) == ""
    await Task.create(name=evil)
    assert await Task.where(name=evil).count() == 1


async def test_raw_expressions_order_and_carry_values(tasks: Configuration) -> None:
    by = Task.order(raw("CASE WHEN name = ? THEN 0 ELSE 1 END", "c"), "name").where(done=False)
    assert await by.pluck("name") == ["c", "a", "d"]


# Long lists


@pytest.mark.parametrize("length", [5, 255, 256, 257, 1000, 40_001])
async def test_lists_of_any_length_work(tasks: Configuration, length: int) -> None:
    keys = [*range(3, length + 3)]
    assert await Task.where(id=keys).count() == 2
    assert await Task.where(id=[*keys, None]).count() == 2
    assert await Task.where_not(id=keys).count() == 2
    assert await Task.where(name=["a", *map(str, keys)]).count() == 1
    assert await Task.where(Task.id.not_in(keys)).count() == 2


async def test_a_long_list_of_awkward_texts_works(tasks: Configuration) -> None:
    awkward = ['"', "\\", "x\u2028", "👩‍👩‍👧", "\x01", "a'b", "é"]
    for text in awkward:
        await Task.create(name=text)
    texts = [*awkward, *(f"x{number}" for number in range(400))]
    assert await Task.where(name=texts).count() == len(awkward)


# Nested conditions


async def test_nested_conditions_join_by_themselves(tracker: Configuration) -> None:
    account = await Account.create(name="NASA")
    apollo = await Project.create(name="Apollo", account=account)
    await Project.create(name="Gemini")
    task = await Task.create(name="a", project=apollo)
    await Task.create(name="b")
    assert await Task.where(project={"name": "Apollo"}).to_list() == [task]
    assert await Task.where(project={"account": {"name": "NASA"}}, name="a").to_list() == [task]
    assert await Task.where(project={"account": {"name": "ESA"}}).to_list() == []
    assert await Task.where(project={"account": account, "name": ["Apollo", "x"]}).count() == 1
    assert await Project.where(tasks={"name": "a"}).to_list() == [apollo]
    assert await Account.where(projects={"tasks": {"name": "a"}}).to_list() == [account]


async def test_a_record_or_its_key_or_none_is_a_value_of_its_relationship(
    tracker: Configuration,
) -> None:
    apollo, gemini = await Project.create(name="Apollo"), await Project.create(name="Gemini")
    first = await Task.create(name="a", project=apollo)
    second = await Task.create(name="b", project=gemini)
    third = await Task.create(name="c")
    assert await Task.where(project=apollo).to_list() == [first]
    assert await Task.where(project=apollo.id).to_list() == [first]
    assert await Task.where(project=[apollo, gemini.id]).order("id").to_list() == [first, second]
    assert await Task.where(project=None).to_list() == [third]
    assert await Task.where(project=[apollo, None]).order("id").to_list() == [first, third]
    assert await Task.where_not(project=apollo).to_list() == [second]


async def test_a_record_that_cannot_be_the_value_is_refused(tracker: Configuration) -> None:
    with pytest.raises(UnsupportedValueError, match="it has no key before it is saved"):
        await Task.where(project=Project(name="x")).to_list()
    task = await Task.create(name="a")
    with pytest.raises(UnsupportedValueError, match="compared with a Project or its key"):
        await Task.where(project=task).to_list()


async def test_a_condition_on_a_has_many_itself_is_refused(tracker: Configuration) -> None:
    with pytest.raises(QueryError, match=r"Project.tasks is no column.*where\(tasks="):
        await Project.where(tasks=None).to_list()


# Names nobody knows


async def test_an_unknown_attribute_is_refused_before_the_database_sees_it(
    tracker: Configuration,
) -> None:
    with pytest.raises(UnknownAttributeError, match="Task has no attribute 'nmae'.*'name'"):
        await Task.where(nmae="x").to_list()
    with pytest.raises(UnknownAttributeError, match="Task has no attribute 'nmae'.*'name'"):
        await Task.where_not(nmae="x").count()
    with pytest.raises(UnknownAttributeError, match="Project has no attribute 'nmae'.*'name'"):
        await Task.where(project={"nmae": "x"}).exists()
    with pytest.raises(UnknownAttributeError, match="Task has no attribute 'nmae'.*'name'"):
        await Task.find_by(nmae="x")


async def test_an_unknown_relationship_is_refused(tracker: Configuration) -> None:
    with pytest.raises(
        UnknownRelationshipError, match="Task has no relationship 'projct'.*'project'"
    ):
        await Task.where(projct={"name": "x"}).to_list()
    with pytest.raises(UnknownRelationshipError, match="Project has no.*'acount'.*'account'"):
        await Task.where(project={"acount": {"name": "x"}}).to_list()


async def test_an_unknown_operator_is_refused(tracker: Configuration) -> None:
    with pytest.raises(UnknownOperatorError, match="no operator 'gte'.*'gteq'"):
        Comparison(Task, "position", "gte", 1)


@pytest.mark.parametrize("value", [None, [1, 2], (1,), {1}])
async def test_ordering_operators_compare_with_one_value(
    tracker: Configuration, value: Any
) -> None:
    with pytest.raises(UnsupportedValueError, match="Operator 'gt' does not support"):
        _ = Task.position > value
    with pytest.raises(UnsupportedValueError, match="between takes a low and a high value"):
        Task.position.between(1, None)


@pytest.mark.parametrize("given", [5, None, True, [1], lambda: 1])
async def test_something_that_is_no_condition_is_refused(
    tracker: Configuration, given: Any
) -> None:
    with pytest.raises(UnsupportedValueError, match="is not a condition. Use keywords"):
        Task.where(given)


async def test_python_s_own_connectives_are_refused(tracker: Configuration) -> None:
    with pytest.raises(QueryError, match=r"any_of\(…\)"):
        _ = Task.position > 1 or Task.position < 5
    with pytest.raises(QueryError, match="chained comparisons"):
        _ = 1 < Task.position < 5
    with pytest.raises(QueryError, match="where_not"):
        _ = not any_of(Task.position > 1)


async def test_an_attribute_of_a_model_that_is_not_joined_is_refused(
    tracker: Configuration,
) -> None:
    with pytest.raises(QueryError, match=r"does not join Project.*\.joins"):
        await Task.where(Project.name == "Apollo").to_list()
