"""Rows that are inserted many at a time get what their model's declarations give to records."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.statements import recorded_statements
from velocious.errors import UnsupportedValueError
from velocious.record import BulkInsertError, Record, attribute, enum, state_machine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE orders (
  id INTEGER PRIMARY KEY NOT NULL, code VARCHAR(20) UNIQUE, number INTEGER, note TEXT DEFAULT 'n',
  level VARCHAR(10), state VARCHAR(10), tags JSON_TEXT
);
"""
numbers = count(1)


class Order(Record):
    number: Any = attribute(default=lambda: next(numbers))
    level: Any = enum(["low", "high"], default="low")
    urgent: Any = attribute(virtual=True, type="boolean", default=False)
    tags: Any = attribute(default=["new"])
    state: Any = state_machine(
        initial="open",
        states=["open", "paid"],
        events={"pay": {"from_": "open", "to": "paid"}},
    )


class Damaged(Record):
    table_name = "orders"
    number: Any = attribute(default="many")


@pytest.fixture
async def orders(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    async with environment.application(models=[Order, Damaged], schema=SCHEMA) as configuration:
        yield configuration


async def test_rows_get_declared_defaults_and_initial_states(orders: Configuration) -> None:
    with recorded_statements(orders) as statements:
        await Order.insert_multiple(["code"], [["a"], ["b"]])
    assert sum(sql.startswith("INSERT") for sql in statements) == 1
    first, second = await Order.order("code").pluck("number", "level", "state", "tags", "note")
    assert first[1:] == ("low", "open", ["new"], "n")
    assert second[0] == first[0] + 1
    order: Any = await Order.find_by_or_fail(code="a")
    assert order.can_pay()


async def test_what_rows_have_themselves_goes_first(orders: Configuration) -> None:
    columns = ["code", "level", "state", "number"]
    await Order.insert_multiple(columns, [["a", "high", "paid", None]], validate=True)
    assert await Order.pluck("level", "state", "number") == [("high", "paid", None)]


async def test_a_state_that_is_none_is_refused_by_validations(orders: Configuration) -> None:
    with pytest.raises(BulkInsertError, match="not included"):
        await Order.insert_multiple(["state"], [["lost"]], validate=True)


async def test_rows_that_are_upserted_get_defaults_only_when_they_are_new(
    orders: Configuration,
) -> None:
    await Order.create(code="a", level="high", number=500)
    rows = [{"code": "a", "note": "again"}, {"code": "b", "note": "first"}]
    await Order.upsert_all(rows, conflict=["code"])
    found = await Order.order("code").pluck("note", "level", "state")
    assert found == [("again", "high", "open"), ("first", "low", "open")]
    assert (await Order.find_by_or_fail(code="a")).read("number") == 500


async def test_a_default_that_does_not_fit_its_column_is_named(orders: Configuration) -> None:
    with pytest.raises(UnsupportedValueError, match=r"default of Damaged\.number"):
        await Damaged.insert_multiple(["code"], [["a"]])
    assert await Order.count() == 0
