"""Optimistic locking and soft deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from velocious.errors import RecordNotFoundError, RecordNotPersistedError, StaleRecordError
from velocious.record import Record, SoftDelete, belongs_to, has_many, validates

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE shelves (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT,
  lock_version INTEGER);
CREATE TABLE books (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT, shelf_id INTEGER,
  deleted_at DATETIME, updated_at DATETIME, lock_version INTEGER NOT NULL DEFAULT 0);
"""


class Shelf(Record):
    id: Attribute[int]
    name: Attribute[str]
    lock_version: Attribute[Any]
    table_name = "shelves"
    books = has_many("Book", foreign_key="shelf_id", dependent="destroy")


class Book(SoftDelete):
    id: Attribute[int]
    name: Attribute[str]
    lock_version: Attribute[int]
    shelf = belongs_to(Shelf, foreign_key="shelf_id")
    validations = [validates("name", uniqueness=True)]


@pytest.fixture
async def library(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    async with environment.application(models=[Shelf, Book], schema=SCHEMA) as configuration:
        yield configuration


async def test_a_save_over_a_newer_version_is_refused(library: Configuration) -> None:
    shelf = await Shelf.create(name="a")
    assert shelf.lock_version == 0
    other = await Shelf.find(shelf.id)
    await other.update(name="b")
    assert other.lock_version == 1
    with pytest.raises(StaleRecordError, match=r"no longer in version 0.*reload\(\)"):
        await shelf.update(name="c")
    assert await Shelf.pluck("name", "lock_version") == [("b", 1)]
    with pytest.raises(StaleRecordError, match="cannot be destroyed"):
        await shelf.destroy()
    assert await Shelf.count() == 1
    await (await shelf.reload()).update(name="c")
    assert await Shelf.pluck("name", "lock_version") == [("c", 2)]
    await shelf.destroy()
    assert await Shelf.count() == 0


async def test_a_form_may_bring_the_version_it_was_made_of(library: Configuration) -> None:
    shelf = await Shelf.create(name="a")
    await shelf.update(name="b")
    with pytest.raises(StaleRecordError):
        await (await Shelf.find(shelf.id)).update(name="c", lock_version=0)
    await (await Shelf.find(shelf.id)).update(name="c", lock_version="1")
    assert await Shelf.pluck("lock_version") == [2]


async def test_rows_without_a_version_get_one(library: Configuration) -> None:
    await library.database().execute("INSERT INTO shelves (name) VALUES ('old')")
    shelf = await Shelf.find(1)
    await shelf.update(name="new")
    assert await Shelf.pluck("lock_version") == [1]
    await shelf.update(name="newer")
    assert shelf.lock_version == 2


async def test_a_row_that_is_gone_is_not_stale(library: Configuration) -> None:
    shelf = await Shelf.create(name="a")
    await Shelf.delete_all()
    with pytest.raises(RecordNotFoundError):
        await shelf.update(name="b")
    await shelf.destroy()


async def test_a_version_that_is_rolled_back_is_as_before(library: Configuration) -> None:
    shelf = await Shelf.create(name="a")
    with pytest.raises(RuntimeError):
        async with Shelf.transaction():
            await shelf.update(name="b")
            raise RuntimeError
    await shelf.save()
    assert await Shelf.pluck("name", "lock_version") == [("b", 1)]


# Soft deletion


async def test_a_destroyed_record_is_marked_and_left_out(library: Configuration) -> None:
    book, kept = await Book.create(name="a"), await Book.create(name="b")
    await book.destroy()
    assert book.is_destroyed
    assert book.is_deleted
    assert await Book.ids() == [kept.id]
    assert await Book.where(name="a").exists() is False
    assert await Book.with_deleted().order("id").ids() == [book.id, kept.id]
    assert await Book.where(name="a").only_deleted().ids() == [book.id]
    assert (await Book.only_deleted().first_or_fail()).deleted_at is not None
    with pytest.raises(RecordNotFoundError):
        await Book.find(book.id)
    with pytest.raises(RecordNotFoundError):
        await Book.find("no key")
    assert await Book.find_by(id=book.id) is None


async def test_a_deleted_name_is_free_again(library: Configuration) -> None:
    await (await Book.create(name="a")).destroy()
    assert (await Book.create(name="a")).is_persisted


async def test_relationships_and_joins_leave_deleted_records_out(library: Configuration) -> None:
    shelf = await Shelf.create(name="s")
    await (await Book.create(name="a", shelf=shelf)).destroy()
    assert await Shelf.where(books={"name": "a"}).count() == 0
    assert await Shelf.joins("books").count() == 0
    assert await shelf.load("books") == []
    await Book.create(name="a", shelf=shelf)
    assert await Shelf.where(books={"name": "a"}).count() == 1


async def test_dependents_are_marked_with_their_owner(library: Configuration) -> None:
    shelf = await Shelf.create(name="s")
    book = await Book.create(name="a", shelf=shelf)
    await shelf.destroy()
    assert await Book.only_deleted().ids() == [book.id]


async def test_a_deleted_record_can_be_restored(library: Configuration) -> None:
    book = await Book.create(name="a")
    book.name = "unsaved"
    await book.destroy()
    assert book.changes() == {"name": ("a", "unsaved")}
    await book.restore().restore_deleted()
    assert (book.is_persisted, book.is_deleted) == (True, False)
    assert await Book.pluck("name") == ["a"]
    await book.destroy()
    again = await Book.only_deleted().first_or_fail()
    await again.restore_deleted()
    assert await Book.count() == 1
    with pytest.raises(RecordNotPersistedError):
        await Book(name="x").restore_deleted()


async def test_a_restoration_that_is_rolled_back_stays_deleted(library: Configuration) -> None:
    book = await Book.create(name="a")
    await book.destroy()
    with pytest.raises(RuntimeError):
        async with Book.transaction():
            await book.restore_deleted()
            raise RuntimeError
    assert book.is_destroyed
    assert await Book.count() == 0


async def test_a_record_can_be_destroyed_permanently(library: Configuration) -> None:
    first, second = await Book.create(name="a"), await Book.create(name="b")
    await first.destroy()
    await first.destroy_permanently()
    await second.destroy_permanently()
    assert await Book.with_deleted().count() == 0
