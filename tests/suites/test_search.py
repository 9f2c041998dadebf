"""search: conditions and orders from untrusted input, within an allow-list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Project, Task
from velocious.errors import UnknownAttributeError, UnknownFilterError, UnsupportedValueError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration

ALLOW = ("id", "name", "position", "done", "created_at", "project.name", "project_id")


@pytest.fixture
async def tasks(tracker: Configuration) -> AsyncIterator[Configuration]:
    apollo = await Project.create(name="Apollo")
    for number, name in enumerate(["Build", "100% done", "100x done", "a_b", "Rest!"], 1):
        await Task.create(
            name=name,
            position=number if number < 5 else None,
            done=number == 2,
            project=apollo if number < 3 else None,
        )
    yield tracker


async def found(given: dict[str, Any]) -> list[int]:
    query = Task.search(given, allow=ALLOW)
    return await (query if "s" in given else query.order("id")).ids()


@pytest.mark.parametrize(
    ("key", "value", "ids"),
    [
        ("name_eq", "Build", [1]),
        ("name_not_eq", "Build", [2, 3, 4, 5]),
        ("position_gt", "2", [3, 4]),
        ("position_gteq", 2, [2, 3, 4]),
        ("position_lt", "2", [1]),
        ("position_lteq", 2, [1, 2]),
        ("name_cont", "UIL", [1]),
        ("name_not_cont", "done", [1, 4, 5]),
        ("name_start", "100", [2, 3]),
        ("name_end", "done", [2, 3]),
        ("position_in", "1, 3", [1, 3]),
        ("position_in", [1, "4"], [1, 4]),
        ("position_not_in", [1, 2], [3, 4]),
        ("position_null", "true", [5]),
        ("position_null", 0, [1, 2, 3, 4]),
        ("done_eq", "true", [2]),
        ("project_name_eq", "Apollo", [1, 2]),
        ("projectNameStart", "Ap", [1, 2]),
        ("project_id_eq", 1, [1, 2]),
        ("nameCont", "uil", [1]),
        ("name_or_project_name_cont", "apollo", [1, 2]),
    ],
)
async def test_predicates(tasks: Configuration, key: str, value: Any, ids: list[int]) -> None:
    assert await found({key: value}) == ids


@pytest.mark.parametrize(
    ("text", "ids"), [("100%", [2]), ("a_b", [4]), ("%", [2]), ("_", [4]), ("!", [5])]
)
async def test_wildcards_in_a_value_stand_for_themselves(
    tasks: Configuration, text: str, ids: list[int]
) -> None:
    assert await found({"name_cont": text}) == ids


@pytest.mark.parametrize("blank", ["", "  ", None, []])
async def test_blank_values_are_left_out(tasks: Configuration, blank: Any) -> None:
    assert await found({"name_cont": blank, "position_in": blank, "done_eq": True}) == [2]
    assert await Task.search({"s": blank}, allow=ALLOW).count() == 5


async def test_sorting_by_names_of_several_words_and_along_relationships(
    tasks: Configuration,
) -> None:
    assert await found({"s": "position desc", "position_null": False}) == [4, 3, 2, 1]
    assert (await found({"s": "projectName desc, id DESC"}))[:2] == [2, 1]
    assert await found({"s": "createdAt asc, id"}) == [1, 2, 3, 4, 5]
    assert await found({"s": ["created_at", "id desc"], "id_in": "1"}) == [1]


async def test_what_is_not_allowed_is_unknown(tasks: Configuration) -> None:
    for key in ("reviewed_by_id_eq", "name", "bogus_eq", "comments_body_eq", "updated_at_gt", ""):
        with pytest.raises(UnknownFilterError, match="There is no .* to search by"):
            Task.search({key: "x"}, allow=ALLOW)
    with pytest.raises(UnknownFilterError, match="'nmae_eq' to search by. Did you mean 'name_eq'"):
        Task.search({"nmae_eq": "x"}, allow=ALLOW)
    with pytest.raises(UnknownFilterError, match="'updated_at' to sort by"):
        Task.search({"s": "updated_at asc"}, allow=ALLOW)


@pytest.mark.parametrize("sort", ["name; DROP TABLE tasks", "name up", "name asc nulls", "-name"])
async def test_wrong_orders_are_refused(tasks: Configuration, sort: str) -> None:
    with pytest.raises((UnsupportedValueError, UnknownFilterError)):
        Task.search({"s": sort}, allow=ALLOW)


async def test_wrong_values_are_refused(tasks: Configuration) -> None:
    for wrong in ({"name": "x"}, [1], (1,), Task.query()):
        with pytest.raises(UnsupportedValueError, match="name_eq takes one value"):
            Task.search({"name_eq": wrong}, allow=ALLOW)
    with pytest.raises(UnsupportedValueError, match="position_in takes one value"):
        Task.search({"position_in": [{"a": 1}]}, allow=ALLOW)
    with pytest.raises(UnsupportedValueError, match="takes true or false, not 'maybe'"):
        Task.search({"name_null": "maybe"}, allow=ALLOW)
    with pytest.raises(UnsupportedValueError, match="'many' does not fit"):
        await Task.search({"position_gt": "many"}, allow=ALLOW)


async def test_a_misspelt_allow_list_is_the_programmers_error(tasks: Configuration) -> None:
    with pytest.raises(UnknownAttributeError, match="'nmae'. Did you mean 'name'"):
        await Task.search({"nmae_eq": "x"}, allow=["nmae"])
