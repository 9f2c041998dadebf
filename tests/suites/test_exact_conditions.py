"""Conditions find what is equal, and nothing that only looks alike to the database."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from velocious.errors import RecordNotFoundError, UnsupportedValueError
from velocious.migration import Migration
from velocious.record import Record, belongs_to, has_many

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

LOW = Decimal("12345678901234567890.0000000001")
HIGH = Decimal("12345678901234567890.0000000002")
#: Longer than a list that is bound value by value.
MANY = 300


class CreateMeasures(Migration):
    async def up(self) -> None:
        async with self.create_table("measures") as t:
            t.references("measure")
            t.decimal("amount", precision=30, scale=10)
            t.float("rate")
            t.binary("code")
            t.bigint("big")
            t.integer("position")


class Measure(Record):
    id: Attribute[int]
    measure_id: Attribute[Any]
    amount: Attribute[Any]
    rate: Attribute[Any]
    code: Attribute[Any]
    big: Attribute[Any]
    position: Attribute[Any]
    measure = belongs_to("Measure")
    chosen = has_many(
        "Measure", lambda measures: measures.where(position=CHOSEN[0]), foreign_key="measure_id"
    )


CHOSEN = [1]


@pytest.fixture
async def measures(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    async with environment.application(models=[Measure], schema=[CreateMeasures]) as configuration:
        yield configuration


async def test_decimals_beyond_binary_precision_are_told_apart(measures: Configuration) -> None:
    await Measure.insert_multiple(["amount"], [[HIGH], [LOW], [None], [Decimal(9)]])
    assert await Measure.where(amount=LOW).ids() == [2]
    assert await Measure.where(amount=[LOW, *range(MANY)]).order("id").ids() == [2, 4]
    assert await Measure.where(Measure.amount > LOW).ids() == [1]
    assert await Measure.where(Measure.amount != LOW).order("id").ids() == [1, 4]
    assert await Measure.where(Measure.amount.between(LOW, LOW)).ids() == [2]
    assert await Measure.where_not(amount=None).order("amount").ids() == [4, 2, 1]
    assert await Measure.where(amount=LOW).delete_all() == 1
    assert await Measure.where(amount=HIGH).exists()


async def test_decimals_of_few_digits_are_equal_however_they_are_written(
    measures: Configuration,
) -> None:
    await Measure.insert_multiple(["amount"], [["1.10"], ["1.1"], ["-0.0"], ["10"]])
    assert await Measure.where(amount=Decimal("1.100")).order("id").ids() == [1, 2]
    assert await Measure.where(amount=0).ids() == [3]
    assert await Measure.where(Measure.amount > Decimal("9.99")).ids() == [4]


async def test_a_long_list_of_bytes_is_membership_too(measures: Configuration) -> None:
    await Measure.insert_multiple(["code"], [[b"\x00\xff"], [b""], [None], [b"a"]])
    others = [number.to_bytes(3) for number in range(MANY)]
    assert await Measure.where(code=[b"\x00\xff", *others]).ids() == [1]
    assert await Measure.where(code=[b"", *others]).ids() == [2]
    assert await Measure.where(code=[None, *others]).ids() == [3]
    assert await Measure.where(Measure.code.not_in([b"", *others])).order("id").ids() == [1, 4]


async def test_a_long_list_may_hold_infinity(
    measures: Configuration, environment: TestEnvironment
) -> None:
    environment.needs("stores_infinity")
    await Measure.insert_multiple(["rate"], [[math.inf], [-math.inf], [0.1], [5e-324]])
    others = [number + 0.5 for number in range(MANY)]
    assert await Measure.where(rate=[math.inf, *others]).ids() == [1]
    assert await Measure.where(rate=[-math.inf, 0.1, 5e-324, *others]).order("id").ids() == [
        2,
        3,
        4,
    ]


async def test_a_long_list_keeps_every_bit_of_large_numbers(measures: Configuration) -> None:
    extremes = [2**63 - 1, -(2**63), 2**53 + 1]
    await Measure.insert_multiple(["big"], [[extreme] for extreme in extremes])
    assert await Measure.where(big=2**53).ids() == []
    for place, extreme in enumerate(extremes, 1):
        assert await Measure.where(big=[extreme, *range(MANY)]).ids() == [place]


async def test_many_rows_are_changed_by_what_a_scope_says_now(measures: Configuration) -> None:
    await Measure.insert_multiple(["position", "measure_id"], [[0, None], [1, 1], [2, 1]])
    for position, count in ((1, 1), (9, 0), (2, 1)):
        CHOSEN[0] = position
        owners = Measure.where(id=Measure.joins("chosen"))
        assert await owners.count() == count
        assert await owners.update_all(big=position) == count
        assert await Measure.where_exists("chosen").update_all(big=position) == count
    CHOSEN[0] = 9
    assert await Measure.where_exists("chosen").delete_all() == 0


async def test_the_last_of_some_is_the_last_by_key_where_nothing_else_sorts(
    measures: Configuration,
) -> None:
    await Measure.insert_multiple(["position"], [[3], [2], [1]])
    await measures.database().execute("CREATE INDEX by_position ON measures (position)")
    last = await Measure.where(Measure.position > 0).limit(2).last()
    assert last is not None and last.id == 2


async def test_a_key_that_no_row_can_have_is_not_found(measures: Configuration) -> None:
    await Measure.insert_multiple(["position"], [[1], [2]])
    for key in (None, "abc", 1.5, 2**63, [1, 2], [], {"id": 1}, b"1", range(1, 3)):
        with pytest.raises(RecordNotFoundError):
            await Measure.find(key)
        with pytest.raises(RecordNotFoundError):
            await Measure.where(position=[1, 2]).find(key)
    assert (await Measure.query().find("2")).position == 2


async def test_a_membership_takes_lists_alone(measures: Configuration) -> None:
    wrong: tuple[Any, ...] = ("abc", b"abc", 5, None)
    for value in wrong:
        with pytest.raises(UnsupportedValueError, match="takes a list of values or a query"):
            Measure.code.in_(value)
        with pytest.raises(UnsupportedValueError, match="takes a list of values or a query"):
            Measure.code.not_in(value)
    assert await Measure.where(Measure.position.in_(n for n in (1, 2))).ids() == []


async def test_a_range_without_end_is_refused_before_it_fills_the_memory(
    measures: Configuration,
) -> None:
    await Measure.insert_multiple(["position"], [[1], [2], [3]])
    assert await Measure.where(position=range(2, 4)).order("id").ids() == [2, 3]
    with pytest.raises(UnsupportedValueError, match=r"between\(0, 999999999999\)"):
        await Measure.where(position=range(10**12)).ids()
    with pytest.raises(UnsupportedValueError, match="between"):
        Measure.position.in_(range(10**30))
