"""What is written down from rows is what writing down each value gives."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from velocious.authorization import Ability
from velocious.errors import AttributeNotSelectedError
from velocious.record import Record
from velocious.resource import Resource
from velocious.resource.answering import Written
from velocious.resource.asking import Asking
from velocious.resource.serializing import Wanted, serialized, written, written_one
from velocious.wire import encode

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE parcels (
  id INTEGER PRIMARY KEY, label VARCHAR(255), number BIGINT, weight DOUBLE PRECISION,
  price DECIMAL(9, 2), sent BOOLEAN, sent_on DATE, sent_at TIMESTAMP, extra JSON
);
"""
COLUMNS = ("id", "label", "number", "weight", "price", "sent", "sent_on", "sent_at")


class Parcel(Record):
    @property
    def shouted(self) -> str:
        return str(getattr(self, "label")).upper()  # noqa: B009


class ParcelResource(Resource):
    model = Parcel
    attributes = (*COLUMNS, "extra", "shouted")

    def abilities(self) -> None:
        self.can("read")


@pytest.fixture
async def parcels(environment: TestEnvironment) -> AsyncIterator[list[Any]]:
    async with environment.application(
        models=[Parcel], schema=SCHEMA, resources=[ParcelResource]
    ) as configuration:
        await configuration.resources.ready()
        await Parcel.create(
            id=1,
            label='A "quoted" {label}\n\\ \u00e9\U0001f600',
            number=2**53,
            weight=0.1,
            price=Decimal("9.90"),
            sent=True,
            sent_on=date(2026, 1, 2),
            sent_at=datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
            extra={"__velocious_type": "date", "many": [1, 2**60]},
        )
        await Parcel.create(id=2, label="", number=-(2**53 - 1), weight=2, sent=False)
        await Parcel.create(id=3)
        yield await Parcel.order("id").to_list()


def asking(*, python: bool) -> Asking:
    configuration: Configuration = Parcel._definition.schema_or_fail().configuration
    settings = configuration.resource_settings
    return Asking(None, Ability(), configuration.resources, settings, speaks_python=python)


@pytest.fixture(autouse=True)
def compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compiled for names that are asked for again is compiled at once."""
    monkeypatch.setattr("velocious.resource.writer.COMPILED_AT", 1)


def wanted(*names: str) -> Wanted:
    return Wanted({"Parcel": names}, {}, "index")


@pytest.mark.parametrize("python", [False, True])
@pytest.mark.parametrize("names", [COLUMNS, ("label",), ("sent", "id"), ()])
async def test_rows_are_written_down_as_their_values_are(
    parcels: list[Any], names: tuple[str, ...], python: bool
) -> None:
    asker = asking(python=python)
    data = await serialized(parcels, wanted(*names), asker)
    found = await written(parcels, wanted(*names), asker)
    assert isinstance(found, Written)
    assert found.text == encode(data, exact=python)
    one = await written_one(parcels[0], wanted(*names), asker)
    assert isinstance(one, Written)
    assert one.text == encode(data[0], exact=python)


@pytest.mark.parametrize("name", ["extra", "shouted"])
async def test_what_is_more_than_a_column_is_read_each_time(parcels: list[Any], name: str) -> None:
    parcels = [one for one in parcels if one.label is not None]
    found = await written(parcels, wanted("id", name), asking(python=False))
    assert not isinstance(found, Written)
    assert [one[name] for one in found] == [getattr(one, name) for one in parcels]


async def test_names_that_are_asked_for_once_are_not_compiled(
    parcels: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    asker = asking(python=False)
    assert not isinstance(await written(parcels, wanted("id", "label"), asker), Written)
    assert isinstance(await written(parcels, wanted("id", "label"), asker), Written)


async def test_a_changed_record_is_written_down_as_it_is_now(parcels: list[Any]) -> None:
    parcels[0].label = "New"
    found = await written(parcels, wanted("id", "label"), asking(python=True))
    assert isinstance(found, Written)
    assert found.text.startswith('[{"id":1,"label":"New"},{"id":2,"label":""}')


async def test_what_was_not_selected_is_not_written_down(parcels: list[Any]) -> None:
    found = await Parcel.select("id").to_list()
    for name in COLUMNS[1:]:
        with pytest.raises(AttributeNotSelectedError):
            await written(found, wanted("id", name), asking(python=True))
