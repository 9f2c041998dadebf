"""update_all, delete_all and upsert_all: many rows in one statement."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Project, Task
from tests.suites.statements import recorded_statements
from velocious.errors import QueryError, UnknownAttributeError, UnsupportedValueError
from velocious.query import raw
from velocious.record import Record

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment


@pytest.fixture
async def tasks(tracker: Configuration) -> AsyncIterator[Configuration]:
    apollo = await Project.create(name="Apollo")
    for number in range(1, 6):
        await Task.create(
            name=f"t{number}",
            position=number,
            done=number % 2 == 0,
            project=apollo if number > 2 else None,
        )
    yield tracker


async def test_update_all_casts_and_is_one_statement(tasks: Configuration) -> None:
    before = await Task.order("id").pluck("updated_at")
    with recorded_statements(tasks) as statements:
        assert await Task.where(done=True).update_all(position="7", done="no") == 2
    assert len(statements) == 1
    assert await Task.order("id").pluck("position", "done") == [
        (1, False),
        (7, False),
        (3, False),
        (7, False),
        (5, False),
    ]
    assert await Task.order("id").pluck("updated_at") == before


async def test_update_all_touches_where_it_is_asked_to(tasks: Configuration) -> None:
    long_ago = datetime(2001, 2, 3, tzinfo=UTC)
    await Task.update_all(updated_at=long_ago)
    assert await Task.where(id=1).update_all(touch=True) == 1
    assert await Task.where(updated_at=long_ago).count() == 4


async def test_update_all_takes_records_null_and_raw_sql(tasks: Configuration) -> None:
    apollo = await Project.find(1)
    assert await Task.where(project=None).update_all(project=apollo) == 2
    assert await Task.where(project=apollo).count() == 5
    await Task.where(id=[1, 2]).update_all({"position": raw("position + ?", 10), "project": None})
    assert await Task.where(project=None).order("id").pluck("position") == [11, 12]


async def test_update_all_follows_joins_limits_and_orders(tasks: Configuration) -> None:
    assert await Task.where(project={"name": "Apollo"}, done=False).update_all(name="a") == 2
    assert await Task.joins("project").update_all(position=9) == 3
    assert await Task.where(position=9).count() == 3
    assert await Task.order("-id").limit(1).update_all(name="last") == 1
    assert (await Task.find(5)).name == "last"
    assert await Task.limit(1).offset(1).order("id").update_all(name="second") == 1
    assert (await Task.find(2)).name == "second"


async def test_scopes_of_joined_relationships_keep_their_values(tasks: Configuration) -> None:
    assert await Project.joins("open_tasks").where(name="Apollo").update_all(position=4) == 1
    assert await Project.joins("open_tasks").where(name="Gemini").update_all(position=5) == 0
    assert await Project.where(position=4).count() == 1


async def test_update_all_without_changes_does_nothing(tasks: Configuration) -> None:
    with recorded_statements(tasks) as statements:
        assert await Task.update_all({}) == 0
    assert statements == []


async def test_update_all_refuses_what_does_not_fit(tasks: Configuration) -> None:
    with pytest.raises(UnknownAttributeError, match="'positon'. Did you mean 'position'"):
        await Task.update_all(positon=1)
    with pytest.raises(UnsupportedValueError, match="'many' does not fit"):
        await Task.update_all(position="many")
    with pytest.raises(QueryError, match="sets a column twice: project, project_id"):
        await Task.update_all(project=None, project_id=1)
    with pytest.raises(QueryError, match="Groups of rows cannot be changed"):
        await Task.query().group("done").update_all(position=1)


@pytest.mark.parametrize(
    ("method", "given", "left"),
    [
        ("limit", 1, [2, 3, 4, 5]),
        ("offset", 3, [1, 2, 3]),
        ("joins", "project", [1, 2]),
        ("where", {"project": {"name": "Apollo"}}, [1, 2]),
    ],
)
async def test_delete_all_follows_joins_and_limits(
    tasks: Configuration, method: str, given: Any, left: list[int]
) -> None:
    with recorded_statements(tasks) as statements:
        deleted = await getattr(Task.order("id"), method)(given).delete_all()
    assert len(statements) == 1
    assert deleted == 5 - len(left)
    assert await Task.order("id").ids() == left


class Item(Record):
    pass


ITEMS = """
CREATE TABLE items (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, code TEXT NOT NULL, shop TEXT,
  stock INTEGER, open BOOLEAN, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL);
CREATE UNIQUE INDEX unique_codes ON items (shop, code);
"""


@pytest.fixture
async def items(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    async with environment.application(models=[Item], schema=ITEMS) as configuration:
        yield configuration


async def test_upsert_all_inserts_and_updates(items: Configuration) -> None:
    rows = [{"shop": "s", "code": code, "stock": 1, "open": True} for code in "ab"]
    assert await Item.upsert_all(rows, conflict=["code", "shop"]) == 2
    made = await Item.order("id").pluck("created_at")
    newer = [{"shop": "s", "code": code, "stock": "5", "open": False} for code in "bc"]
    assert await Item.upsert_all(newer, conflict=["shop", "code"], update=["stock"]) == 2
    assert await Item.order("id").pluck("code", "stock", "open") == [
        ("a", 1, True),
        ("b", 5, True),
        ("c", 5, False),
    ]
    b: Any = await Item.find(2)
    assert b.created_at == made[1]
    assert b.updated_at >= b.created_at


async def test_upsert_all_goes_by_the_key_or_leaves_rows_alone(items: Configuration) -> None:
    await Item.upsert_all([{"id": 4, "code": "a", "stock": 1}])
    await Item.upsert_all([{"id": 4, "code": "b", "stock": 2}])
    assert await Item.pluck("id", "code", "stock") == [(4, "b", 2)]
    await Item.upsert_all([{"id": 4, "code": "c", "stock": 3}], update=[])
    assert await Item.pluck("code", "stock") == [("b", 2)]
    assert await Item.upsert_all([]) == 0


async def test_upsert_all_refuses_what_cannot_work(items: Configuration) -> None:
    row: dict[str, Any] = {"code": "a", "stock": 1}
    with pytest.raises(QueryError, match=r"No unique index of 'items' covers \[code\].*\[id\] or"):
        await Item.upsert_all([row], conflict=["code"])
    with pytest.raises(UnknownAttributeError, match="'coed'. Did you mean 'code'"):
        await Item.upsert_all([row], conflict=["coed"])
    with pytest.raises(UnknownAttributeError, match="'stok'. Did you mean 'stock'"):
        await Item.upsert_all([{**row, "stok": 1}])
    with pytest.raises(QueryError, match="cannot update 'open': the rows have no value"):
        await Item.upsert_all([row], update=["open"])
    with pytest.raises(QueryError, match="Row 0 has code, stock, row 1 has code"):
        await Item.upsert_all([row, {"code": "b"}])
    with pytest.raises(UnsupportedValueError, match=r"stored nothing. Row 1: stock: 'x' does not"):
        await Item.upsert_all([row, {"code": "b", "stock": "x"}])
    assert await Item.count() == 0
