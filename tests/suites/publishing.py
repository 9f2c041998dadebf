"""Books with chapters, translated titles and covers, and what clients get of them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from velocious.migration import Migration
from velocious.record import (
    Record,
    SoftDelete,
    accepts_nested_attributes_for,
    belongs_to,
    has_many,
    has_many_attachments,
    has_one_attachment,
    translates,
    validates,
)
from velocious.resource import Resource

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from velocious.configuration import Configuration
    from velocious.query import Query
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment


class CreateTables(Migration):
    async def up(self) -> None:
        await self.create_attachments_tables()
        async with self.create_table("books") as t:
            t.string("code", null=False)
            t.string("owner")
            t.decimal("price", precision=12, scale=2)
            t.integer("cost")
            t.boolean("archived", null=False, default=False)
            t.references("parent")
        async with self.create_table("book_translations") as t:
            t.references("book", null=False)
            t.string("locale", null=False)
            t.string("title")
        async with self.create_table("chapters") as t:
            t.references("book")
            t.string("name", null=False)
            t.string("notes")
            t.datetime("deleted_at")
        async with self.create_table("pages") as t:
            t.references("chapter")
            t.string("text", null=False)


class Book(Record):
    id: Attribute[int]
    code: Attribute[str]
    owner: Attribute[str | None]
    price: Attribute[Any]
    cost: Attribute[int | None]
    archived: Attribute[bool]
    parent = belongs_to("Book")
    chapters = has_many("Chapter")
    translations = translates("title")
    cover = has_one_attachment()
    scans = has_many_attachments()
    chapters_attributes = accepts_nested_attributes_for("chapters", allow_destroy=True, limit=3)
    validations = [validates("code", presence=True)]


class Chapter(SoftDelete):
    id: Attribute[int]
    name: Attribute[str]
    notes: Attribute[str | None]
    book = belongs_to("Book")
    pages = has_many("Page", dependent="destroy")
    pages_attributes = accepts_nested_attributes_for("pages")
    validations = [validates("name", presence=True)]


class Page(Record):
    id: Attribute[int]
    text: Attribute[str]
    chapter = belongs_to("Chapter")


class BookResource(Resource):
    model = Book
    attributes = ("id", "code", "owner", "price", "cost", "archived", "parent_id", "discount")
    translated = ("title",)
    writable = ("code", "owner", "price", "cost", "title", "discount", "cover", "scans")
    filterable = ("id", "code", "owner", "price", "cost")
    sortable = pluckable = ("id", "code", "cost", "price")
    relationships = ("chapters", "parent")
    attachments = ("cover", "scans")
    nested = {"chapters": {"attributes": ["name"], "allow_destroy": True, "limit": 5}}

    def abilities(self) -> None:
        self.can("manage")
        self.cannot("read", code="hidden")
        self.cannot(["read", "update"], fields=["cost"], owner="other")

    def records(self) -> Query[Any]:
        return super().records().where(archived=False)

    def permitted_params(self, action: str, params: Mapping[str, Any]) -> Sequence[str]:
        return [*super().permitted_params(action, params), *(["id"] if action == "create" else [])]

    def discount_attribute(self, book: Book) -> int:
        return 100 - (book.cost or 0)

    async def set_discount_attribute(self, book: Book, value: int) -> None:
        book.cost = 100 - value


class ChapterResource(Resource):
    model = Chapter
    attributes = ("id", "name", "book_id")
    writable = ("name", "notes")
    filterable = sortable = ("id", "name")
    relationships = ("book", "pages")
    nested = {"pages": {}}

    def abilities(self) -> None:
        self.can("manage")
        self.cannot("read", name="secret")
        self.cannot(["create", "update"], name="refused", reason="No such name.")
        self.cannot("destroy", name="kept")


class PageResource(Resource):
    model = Page
    attributes = writable = ("id", "text")

    def abilities(self) -> None:
        self.can("manage")


MODELS = (Book, Chapter, Page)
RESOURCES = (BookResource, ChapterResource, PageResource)


@asynccontextmanager
async def publishing(environment: TestEnvironment, **options: Any) -> AsyncGenerator[Configuration]:
    """An application of books, whose files are kept in its database."""
    settings: dict[str, Any] = {
        "models": MODELS,
        "schema": [CreateTables],
        "resources": RESOURCES,
        "frontend_models": {"on": "both"},
        "attachments": {"main": {"driver": "database"}},
    }
    async with environment.application(**{**settings, **options}) as configuration:
        yield configuration
