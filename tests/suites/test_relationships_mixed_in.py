"""Relationships that several models share: by a plain class mixed in, or an abstract model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from velocious.record import (
    Record,
    accepts_nested_attributes_for,
    before_save,
    belongs_to,
    has_many,
    has_one,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE owners (id INTEGER PRIMARY KEY NOT NULL, name TEXT);
CREATE TABLE tickets (id INTEGER PRIMARY KEY NOT NULL, name TEXT, owner_id INTEGER);
CREATE TABLE pages (id INTEGER PRIMARY KEY NOT NULL, name TEXT, owner_id INTEGER);
CREATE TABLE remarks (
  id INTEGER PRIMARY KEY NOT NULL, subject_type TEXT, subject_id INTEGER, body TEXT
);
CREATE TABLE links (
  id INTEGER PRIMARY KEY NOT NULL, ticket_id INTEGER, page_id INTEGER, body TEXT
);
"""


class Noted:
    remarks: Any = has_many("Remark", as_="subject", dependent="destroy")
    latest_remark: Any = has_one("Remark", lambda remarks: remarks.order("-id"), as_="subject")
    remarks_attributes: Any = accepts_nested_attributes_for("remarks")
    saves: Any = None

    @before_save(if_="is_named")
    def tidy(self: Any) -> None:
        self.name = self.name.strip()


class Owned(Record):
    abstract = True
    id: Any
    name: Any
    owner: Any = belongs_to("Owner")
    links: Any = has_many("Link")

    def is_named(self) -> bool:
        return self.name is not None


class Owner(Record):
    tickets: Any = has_many("Ticket")
    pages: Any = has_many("Page")


class Ticket(Noted, Owned):
    """One of two models that share relationships."""


class Page(Noted, Owned):
    """The other."""


class Leaflet(Page):
    table_name = "pages"


class Remark(Record):
    body: Any
    subject: Any = belongs_to(polymorphic=True)


class Link(Record):
    ticket: Any = belongs_to("Ticket")
    page: Any = belongs_to("Page")


MODELS = [Owner, Ticket, Page, Leaflet, Remark, Link]


@pytest.fixture
async def desk(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    async with environment.application(models=MODELS, schema=SCHEMA) as configuration:
        yield configuration


async def test_each_model_has_its_own_records(desk: Configuration) -> None:
    ticket, page = await Ticket.create(name="a "), await Page.create(name="b ")
    await ticket.remarks.create(body="on a")
    await page.remarks.create(body="on b")
    assert await Remark.order("id").pluck("subject_type", "subject_id") == [
        ("Ticket", 1),
        ("Page", 1),
    ]
    assert [one.body for one in await ticket.remarks] == ["on a"]
    assert (await page.load("latest_remark")).body == "on b"
    assert await Ticket.where(remarks={"body": "on b"}).count() == 0
    assert await Page.where(remarks={"body": "on b"}).count() == 1
    assert (await Page.preload("remarks").first_or_fail()).remarks[0].subject.name == "b"


async def test_keys_are_called_by_the_model_that_inherits(desk: Configuration) -> None:
    ticket, page = await Ticket.create(name="a"), await Page.create(name="b")
    await ticket.links.create(body="x")
    await page.links.create(body="y")
    assert await Link.order("id").pluck("ticket_id", "page_id") == [(1, None), (None, 1)]
    assert await Page.joins("links").pluck("name") == ["b"]


async def test_a_shared_belongs_to_leads_back(desk: Configuration) -> None:
    owner: Any = await Owner.create(name="Ada")
    await owner.tickets.create(name="a")
    await owner.pages.create(name="b")
    found: Any = await Owner.preload("tickets", "pages").first_or_fail()
    assert found.tickets[0].owner is found
    assert found.pages[0].owner is found
    assert await Page.where(owner=owner).count() == 1


async def test_dependents_and_nested_attributes_are_their_own_too(desk: Configuration) -> None:
    ticket = await Ticket.create(name="a", remarks_attributes=[{"body": "nested"}])
    await Page.create(name="b", remarks_attributes=[{"body": "kept"}])
    assert [one.body for one in await ticket.remarks] == ["nested"]
    await ticket.destroy()
    assert await Remark.pluck("body") == ["kept"]


async def test_a_subclass_of_a_model_shares_what_its_parent_has(desk: Configuration) -> None:
    assert Leaflet._definition.relationships["links"] is Page._definition.relationships["links"]
    leaflet: Any = await Leaflet.create(name=" c ")
    assert leaflet.name == "c"
    await leaflet.remarks.create(body="on c")
    await leaflet.links.create(body="z")
    assert await Remark.pluck("subject_type") == ["Page"]
    assert await Link.pluck("page_id") == [leaflet.id]
    await Page.create()


async def test_a_member_of_the_same_name_goes_first(desk: Configuration) -> None:
    class Quiet(Noted, Owned):
        table_name = "pages"
        remarks: Any = property(lambda self: "none")

    await Quiet.load_schema()
    assert Quiet(name="q").remarks == "none"
