"""A small library: books with authors' notes and covers, for the tests of the OpenAPI document."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from velocious.configuration import Configuration
from velocious.controller import Controller, accepts, responds
from velocious.migration import Migration, Migrator
from velocious.record import Record, has_one_attachment, validates
from velocious.routing import Routes
from velocious.testing.migrations import ListedMigrations
from velocious_node import LogSettings, NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from velocious.record import Attribute


class CreateBooks(Migration):
    async def up(self) -> None:
        await self.create_attachments_tables()
        async with self.create_table("books") as t:
            t.string("title", null=False)
            t.integer("pages")
            t.date("published_on")
            t.boolean("lent", null=False, default=False)
            t.timestamps()


class Book(Record):
    id: Attribute[int]
    title: Attribute[str]
    pages: Attribute[int | None]
    published_on: Attribute[date | None]
    lent: Attribute[bool]
    cover = has_one_attachment(maximum_size=1_000_000)
    validations = [validates("title", presence=True, length={"maximum": 100})]


SHOWN = ["id", "title", "pages", "published_on", "lent"]
BOOK: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": int,
        "title": str,
        "pages": {"type": ["integer", "null"]},
        "published_on": {"type": ["string", "null"], "format": "date"},
        "lent": bool,
    },
    "required": SHOWN,
}
TAKEN: dict[str, Any] = {
    "title": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": r"\S"},
    "pages": {"type": "integer", "minimum": 1, "maximum": 100_000},
    "published_on": date,
    "lent": bool,
}


class BooksController(Controller):
    @accepts(
        query={
            "page": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 1},
            "lent": bool,
            "titles": [str],
            "published": {"type": "object", "properties": {"from": date, "to": date}},
        }
    )
    @responds(200, [BOOK], description="A page of books")
    async def index(self) -> None:
        """List books.

        Ten at a time, in the order in which they were added.
        """
        books: Any = Book.order("id").limit(10).offset((self.params["page"] - 1) * 10)
        for name in ("lent", "titles"):
            if name in self.params:
                books = books.where(**{name.replace("titles", "title"): self.params[name]})
        first = self.params.dig("published", "from")
        if first is not None:
            books = books.where(Book.published_on >= first)
        self.render(json=await books.to_list(), attributes=SHOWN)

    @responds(200, BOOK)
    @responds(404, description="There is no such book")
    async def show(self) -> None:
        self.render(json=await Book.find(self.params["id"]), attributes=SHOWN)

    @accepts(body=TAKEN, required=["title"])
    @responds(201, BOOK)
    async def create(self) -> None:
        """Add a book."""
        book = await Book.create(self.params.permit(*TAKEN))
        self.render(json=book, attributes=SHOWN, status=201)

    @accepts(body=TAKEN)
    @responds(200, BOOK)
    async def update(self) -> None:
        book = await Book.find(self.params["id"])
        await book.update(self.params.permit(*TAKEN))
        self.render(json=book, attributes=SHOWN)

    @responds(204)
    async def destroy(self) -> None:
        await (await Book.find(self.params["id"])).destroy()
        self.head(204)


class CoversController(Controller):
    @accepts(body={"cover": "file", "caption": str, "tags": [str]}, required=["cover"])
    @responds(200, {"type": "object", "properties": {"filename": str, "size": int}})
    async def create(self) -> None:
        """Give a book its cover."""
        book = await Book.find(self.params["id"])
        cover = self.params["cover"]
        await book.cover.attach(cover)
        self.render(json={"filename": cover.filename, "size": cover.size})


class NotesController(Controller):
    """Takes what nobody declared, and reads it by hand."""

    async def create(self) -> None:
        note = self.params.expect(note=["text", {"tags": [], "rows": [["name"]], "any": {}}])
        rows = self.params.dig("note", "rows", 0, "name")
        page = self.params.integer("page", default=1, minimum=1)
        self.render(json={"note": note, "first": rows, "page": page})

    @accepts(body={"note": {"type": "object", "properties": {"text": str, "rows": [str]}}})
    async def declared(self) -> None:
        self.render(json=self.params)


def library_routes() -> Routes:
    """The routes of the library."""
    routes = Routes()
    for path, action in (("/books", "index"), ("/books/{id:int}", "show")):
        routes.get(path, to=(BooksController, action))
    routes.post("/books", to=(BooksController, "create"))
    routes.patch("/books/{id:int}", to=(BooksController, "update"))
    routes.put("/books/{id:int}", to=(BooksController, "update"))
    routes.delete("/books/{id:int}", to=(BooksController, "destroy"))
    routes.post("/books/{id:int}/cover", to=(CoversController, "create"))
    routes.post("/notes", to=(NotesController, "create"))
    routes.post("/notes/declared", to=(NotesController, "declared"))
    return routes


def library(directory: Path | str, **http: Any) -> Configuration:
    """The application, whose files are in *directory*."""
    return Configuration(
        environment_handler=NodeEnvironmentHandler(log=LogSettings(console=False, file=False)),
        environment="production",
        name="library",
        databases={"default": f"sqlite:///{directory}/library.sqlite3"},
        attachments={"main": {"driver": "files", "directory": f"{directory}/covers"}},
        models=[Book],
        routes=library_routes(),
        http={"hosts": ["testserver", "app.test"], **http},
    )


@asynccontextmanager
async def open_library(directory: Path | str, **http: Any) -> AsyncGenerator[Configuration]:
    """The application with its tables and three books."""
    made = library(directory, **http)
    await made.initialize(load_models=False)
    try:
        await Migrator(made, provider=ListedMigrations([CreateBooks])).migrate()
    finally:
        await made.close()
    async with library(directory, **http) as configuration:
        for title in ("Emma", "Ulysses", "Momo"):
            await Book.create(title=title)
        yield configuration
