"""Counter caches and touch: the parent's row follows its children in one transaction."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.suites.statements import recorded_statements
from velocious.errors import ConfigurationError, RecordError, UnknownAttributeError
from velocious.record import Record, SoftDelete, belongs_to, has_many

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE shops (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, updated_at DATETIME);
CREATE TABLE bills (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, shop_id INTEGER,
  lines_count INTEGER NOT NULL DEFAULT 0, remarks INTEGER, changed_at DATETIME,
  updated_at DATETIME);
CREATE TABLE lines (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, bill_id INTEGER, name TEXT);
CREATE TABLE stamps (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, bill_id INTEGER,
  deleted_at DATETIME);
CREATE TABLE remarks (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  subject_type TEXT, subject_id INTEGER);
"""


class Shop(Record):
    id: Attribute[int]


class Bill(Record):
    id: Attribute[int]
    lines_count: Attribute[int]
    shop = belongs_to("Shop", touch=True)
    lines = has_many("Line", dependent="destroy")
    remarks_on_it = has_many("Remark", as_="subject")


class Line(Record):
    id: Attribute[int]
    name: Attribute[str]
    bill_id: Attribute[int | None]
    bill = belongs_to("Bill", counter_cache=True, touch="changed_at")


class Stamp(SoftDelete):
    bill = belongs_to("Bill", counter_cache="lines_count")


class Remark(Record):
    subject = belongs_to(polymorphic=True, counter_cache="remarks")


@pytest.fixture
async def bills(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    models = [Shop, Bill, Line, Remark, Stamp]
    async with environment.application(models=models, schema=SCHEMA) as configuration:
        await Bill.insert_multiple(["shop_id"], [[None], [None]])
        yield configuration


async def counts() -> list[int]:
    return await Bill.order("id").pluck("lines_count")


async def test_a_marked_row_is_counted_out_once_and_in_again_when_it_is_restored(
    bills: Configuration,
) -> None:
    bill = await Bill.first()
    stamp = await Stamp.create(bill=bill)
    assert await counts() == [1, 0]
    await stamp.destroy()
    assert await counts() == [0, 0]
    await stamp.restore_deleted()
    assert await counts() == [1, 0]
    await stamp.destroy()
    await stamp.destroy_permanently()
    assert await counts() == [0, 0]


async def test_creating_moving_and_destroying_are_counted(bills: Configuration) -> None:
    first, second = await Bill.order("id")
    line = await Line.create(bill=first)
    await first.lines.create(name="b")
    await Line.create(name="loose")
    assert await counts() == [2, 0]
    await line.update(bill=second)
    assert await counts() == [1, 1]
    await line.update(bill=None)
    assert await counts() == [1, 0]
    await line.update(name="x", bill_id=2)
    assert await counts() == [1, 1]
    await line.destroy()
    assert await counts() == [1, 0]


async def test_a_save_that_changes_something_else_counts_nothing(bills: Configuration) -> None:
    line = await Line.create(bill_id=1)
    with recorded_statements(bills) as statements:
        await line.update(name="x")
        await line.save()
    assert await counts() == [1, 0]
    assert not any("COALESCE" in sql for sql in statements)


async def test_a_rollback_takes_the_count_back(bills: Configuration) -> None:
    with pytest.raises(ZeroDivisionError):
        async with Line.transaction():
            await Line.create(bill_id=1)
            assert await counts() == [1, 0]
            raise ZeroDivisionError
    assert await counts() == [0, 0]


async def test_objects_that_are_out_of_date_do_not_make_it_drift(bills: Configuration) -> None:
    line = await Line.create(bill_id=1)
    stale, staler, gone = [await Line.find(line.id) for _ in range(3)]
    await line.update(bill_id=2)
    await stale.update(bill_id=None)
    assert await counts() == [0, 0]
    await line.update(bill_id=1)  # no change, says this object's row: it was 2
    await staler.destroy()
    await gone.destroy()  # there is no row any more
    assert await counts() == [await Line.where(bill_id=key).count() for key in (1, 2)]


async def test_many_at_once_are_all_counted(bills: Configuration) -> None:
    await asyncio.gather(*[Line.create(bill_id=1) for _ in range(20)])
    assert await counts() == [20, 0]


async def test_counters_start_from_null_and_know_the_type(bills: Configuration) -> None:
    bill = await Bill.find(1)
    remark = await bill.remarks_on_it.create()
    await Remark.create(subject=bill)
    assert await Bill.order("id").pluck("remarks") == [2, None]
    await remark.destroy()
    assert await Bill.order("id").pluck("remarks") == [1, None]


async def test_counters_are_reset(bills: Configuration) -> None:
    await Line.insert_multiple(["bill_id"], [[1], [1], [2]])
    await Bill.reset_counters("lines", keys=[2])
    assert await counts() == [0, 1]
    await Bill.reset_counters("lines", "remarks_on_it")
    assert await counts() == [2, 1]
    assert await Bill.pluck("remarks") == [0, 0]
    with pytest.raises(RecordError, match=r"Bill.shop is not counted"):
        await Bill.reset_counters("shop")


async def test_touch_goes_up_to_the_last_parent(bills: Configuration) -> None:
    shop = await Shop.create()
    bill = await Bill.create(shop=shop)
    line = await Line.create(name="a")
    old = (await Shop.all().pick("updated_at"), await bill.reload() and bill.read("updated_at"))
    await line.update(bill=bill)
    await bill.reload()
    assert bill.read("changed_at") == bill.read("updated_at") > old[1]
    assert await Shop.all().pick("updated_at") > old[0]
    touched = await Shop.all().pick("updated_at")
    await line.save()
    assert await Shop.all().pick("updated_at") == touched
    await line.destroy()
    assert await Shop.all().pick("updated_at") > touched


async def test_a_column_that_is_missing_is_named(environment: TestEnvironment) -> None:
    class Box(Record):
        items = has_many("Item")

    class Item(Record):
        box = belongs_to("Box", counter_cache=True)
        other = belongs_to("Box", foreign_key="box_id")

    class Plain(Record):
        table_name = "boxes"
        items = has_many("Item", foreign_key="other_id")

    schema = """
    CREATE TABLE boxes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, item_count INTEGER);
    CREATE TABLE items (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, box_id INTEGER)"""
    async with environment.application(models=[Box, Item, Plain], schema=schema):
        box = await Box.create()
        with pytest.raises(UnknownAttributeError, match="'items_count'.*'item_count'"):
            await box.items.create()
        assert await Item.count() == 0
        with pytest.raises(ConfigurationError, match=r"no counter.*counter_cache=True"):
            await Plain.reset_counters("items")
