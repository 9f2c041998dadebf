"""insert_multiple: many rows at once, and what becomes of those that do not fit."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Project, Task
from tests.suites.statements import recorded_statements
from velocious.errors import (
    NotNullConstraintError,
    RecordError,
    UniqueConstraintError,
    UnknownAttributeError,
)
from velocious.record import BulkInsertError, Record, validates

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE items (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT NOT NULL, size INTEGER,
  price DECIMAL_TEXT(8, 2), flag BOOLEAN, instant DATETIME, data JSON_TEXT, bytes BLOB
);
CREATE UNIQUE INDEX unique_item_names ON items (name);
"""


class Item(Record):
    id: Attribute[int]
    name: Attribute[str]
    validations = [validates("name", presence=True, length={"maximum": 5})]


@pytest.fixture
async def items(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    async with environment.application(models=[Item], schema=SCHEMA) as configuration:
        yield configuration


async def test_rows_are_inserted_with_timestamps_in_one_transaction(tracker: Configuration) -> None:
    rows = [[f"t{number}", number] for number in range(1000)]
    with recorded_statements(tracker) as statements:
        result = await Task.insert_multiple(["name", "position"], rows)
    assert [sql.split()[0] for sql in statements] == ["BEGIN", "INSERT", "COMMIT"]
    assert (result.inserted, result.failed) == (1000, [])
    last = await Task.order("id").last()
    assert last is not None
    assert (last.name, last.position) == ("t999", 999)
    assert last.created_at == last.updated_at
    assert last.done is False


async def test_values_are_cast_and_encoded_by_their_columns(items: Configuration) -> None:
    instant = datetime(2026, 1, 1, 12, tzinfo=UTC)
    columns = ["name", "size", "price", "flag", "instant", "data", "bytes"]
    rows = [
        ["a", "5", "1.10", "yes", "2026-01-01T13:00:00+01:00", {"x": [1]}, b"\0"],
        ["b", "", None, 0, instant, None, bytearray(b"x")],
    ]
    await Item.insert_multiple(columns, rows)
    assert await Item.order("id").pluck(*columns) == [
        ("a", 5, Decimal("1.10"), True, instant, {"x": [1]}, b"\0"),
        ("b", None, None, False, instant, None, b"x"),
    ]


async def test_rows_may_come_from_a_generator_or_be_none_at_all(items: Configuration) -> None:
    assert (await Item.insert_multiple(["name"], ([name] for name in "abc"))).inserted == 3
    assert (await Item.insert_multiple(["name"], [])).inserted == 0
    assert (await Item.insert_multiple(["name"], iter([("d",), ["e"]]))).inserted == 2
    assert await Item.count() == 5


async def test_no_columns_at_all_are_rows_of_defaults(environment: TestEnvironment) -> None:
    class Blank(Record):
        id: Attribute[int]

    schema = """CREATE TABLE blanks (
      id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, n INTEGER DEFAULT 4)"""
    async with environment.application(models=[Blank], schema=schema):
        await Blank.insert_multiple([], [[], []])
        assert await Blank.pluck("id", "n") == [(1, 4), (2, 4)]


@pytest.mark.parametrize("wrong", ["nmae", "project"])
async def test_an_unknown_column_is_refused(tracker: Configuration, wrong: str) -> None:
    with pytest.raises(UnknownAttributeError, match=f"Task has no attribute '{wrong}'"):
        await Task.insert_multiple([wrong], [["x"]])


AWKWARD: list[list[Any]] = [
    ["ok"],
    ["a", "too many"],
    [],
    ["NUL\0"],
    [5.5],
    [["list"]],
    [None],
    ["ok"],
    ["👩"],
]


async def test_rows_that_do_not_fit_are_named_and_nothing_is_inserted(
    items: Configuration,
) -> None:
    with pytest.raises(BulkInsertError) as caught:
        await Item.insert_multiple(["name"], AWKWARD)
    assert [row.index for row in caught.value.result.failed] == [1, 2, 3, 5]
    assert "failed for 4 rows. Row 1: It has 2 values for 1 columns (name)." in str(caught.value)
    assert "return_results=True" in str(caught.value)
    assert await Item.count() == 0


async def test_with_results_the_other_rows_stay(items: Configuration) -> None:
    result = await Item.insert_multiple(
        ["name"], AWKWARD, return_results=True, retry_individually_on_failure=True
    )
    assert result.inserted == 3
    assert [(row.index, row.row) for row in result.failed] == [
        (index, AWKWARD[index]) for index in (1, 2, 3, 5, 6, 7)
    ]
    reasons = [row.reason for row in result.failed]
    assert reasons[0] == "It has 2 values for 1 columns (name)."
    assert reasons[1] == "It has 0 values for 1 columns (name)."
    assert "NUL" in reasons[2]
    assert "does not fit a column of type text" in reasons[3]
    assert "must have a value" in reasons[4]
    assert "same items.name exists" in reasons[5]
    assert await Item.order("id").pluck("name") == ["ok", "5.5", "👩"]


async def test_validations_run_when_asked_for(items: Configuration) -> None:
    rows = [["short"], ["too long"], [" "], ["x"]]
    result = await Item.insert_multiple(["name"], rows, validate=True, return_results=True)
    assert [(row.index, row.reason) for row in result.failed] == [
        (1, "Name is too long (maximum is 5 characters)."),
        (2, "Name can't be blank."),
    ]
    assert await Item.pluck("name") == ["short", "x"]
    assert (await Item.insert_multiple(["name"], [["not validated"]])).inserted == 1


async def test_a_row_the_database_refuses_undoes_all_of_them(items: Configuration) -> None:
    with pytest.raises(UniqueConstraintError, match="same items.name exists"):
        await Item.insert_multiple(["name"], [["a"], ["b"], ["a"]])
    with pytest.raises(NotNullConstraintError, match="items.name must have a value"):
        await Item.insert_multiple(["name"], [["a"], [None]])
    assert await Item.count() == 0


async def test_a_retry_without_results_names_the_rows_and_inserts_nothing(
    items: Configuration,
) -> None:
    with pytest.raises(BulkInsertError, match="failed for 1 rows. Row 2: .*same items.name"):
        await Item.insert_multiple(
            ["name"], [["a"], ["b"], ["a"]], retry_individually_on_failure=True
        )
    assert await Item.count() == 0


async def test_inside_a_transaction_it_is_part_of_it(items: Configuration) -> None:
    with pytest.raises(RuntimeError, match="no"):
        async with Item.transaction():
            await Item.insert_multiple(["name"], [["a"]])
            result = await Item.insert_multiple(
                ["name"], [["a"], ["b"]], retry_individually_on_failure=True, return_results=True
            )
            assert result.inserted == 1
            assert await Item.count() == 2
            raise RuntimeError("no")
    assert await Item.count() == 0


async def test_a_row_that_is_a_mapping_is_refused(items: Configuration) -> None:
    with pytest.raises(BulkInsertError, match="a list or tuple of values"):
        await Item.insert_multiple(["name"], [{"name": "x"}])  # pyright: ignore[reportArgumentType]
    with pytest.raises(BulkInsertError, match="a list or tuple of values"):
        await Item.insert_multiple(["name"], ["x"])


async def test_a_column_named_twice_is_refused(items: Configuration) -> None:
    with pytest.raises(RecordError, match="names a column twice"):
        await Item.insert_multiple(["name", "name"], [["a", "b"]])


async def test_twenty_thousand_rows_arrive_exactly(tracker: Configuration) -> None:
    await Project.create(name="Apollo")
    rows = [[f"task {number} 'quoted' 👩", number, 1, number % 3 == 0] for number in range(20_000)]
    result = await Task.insert_multiple(["name", "position", "project_id", "done"], rows)
    assert result.inserted == 20_000
    assert await Task.order("id").pluck("name", "position", "project_id", "done") == [
        tuple(row) for row in rows
    ]
