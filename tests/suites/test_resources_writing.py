"""What clients write through resources: nested records, files, texts, and attributes of our own."""

from __future__ import annotations

import asyncio
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.asking import ask
from tests.suites.exposing import Client
from tests.suites.publishing import RESOURCES, Book, BookResource, Chapter, Page, publishing
from velocious.translation import use_locale

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment

model: Any = Book


@pytest.fixture
async def books(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    async with publishing(environment) as configuration:
        yield configuration


@pytest.fixture
async def client(books: Configuration) -> Client:
    return Client(books)


async def test_attributes_of_the_resource_are_read_and_written(client: Client) -> None:
    made = await client.do("create", "Book", attributes={"code": "a", "discount": 30})
    assert made["model"]["discount"] == 30
    assert (await Book.find(made["model"]["id"])).cost == 70


async def test_decimals_travel_as_they_are(client: Client, books: Configuration) -> None:
    made = await client.do("create", "Book", attributes={"code": "a", "price": "12.30"})
    assert made["model"]["price"] == "12.30"
    exact = await Client(books, form="python").do("find", "Book", id=made["model"]["id"])
    assert exact["model"]["price"] == {"__velocious_type": "decimal", "value": "12.30"}


async def test_texts_are_those_of_the_current_locale(client: Client) -> None:
    made = await client.do("create", "Book", attributes={"code": "a", "title": "Hello"})
    key = made["model"]["id"]
    assert made["model"]["title"] == "Hello"
    with use_locale("de"):
        changed = await client.do("update", "Book", id=key, attributes={"title": "Hallo"})
        assert changed["model"]["title"] == "Hallo"
    assert (await client.do("find", "Book", id=key))["model"]["title"] == "Hello"
    related = await client.do("create", "Book", attributes={"code": "b"})
    await (await Book.find(related["model"]["id"])).update(parent_id=key)
    listed = await client.do("index", "Book", where={"code": "b"}, preload=["parent"])
    assert listed["models"][0]["__preloadedRelationships"]["parent"]["title"] == "Hello"


async def test_more_may_be_written_where_the_resource_says_so(client: Client) -> None:
    made = await client.do("create", "Book", attributes={"code": "a", "id": 77})
    assert made["model"]["id"] == 77
    refused = await client.do("update", "Book", id=77, attributes={"id": 78})
    assert refused["code"] == "not_writable"


async def test_records_that_the_resource_leaves_out_are_not_there(client: Client) -> None:
    parent = await Book.create(code="a", archived=True)
    await Book.create(code="b", parent=parent)
    listed = await client.do("index", "Book", preload=["parent"])
    assert [one["code"] for one in listed["models"]] == ["b"]
    assert (await client.do("find", "Book", id=parent.id))["code"] == "record_not_found"
    assert (await client.do("count", "Book"))["count"] == 1


async def test_what_may_be_read_differs_from_record_to_record(client: Client) -> None:
    await Book.create(code="a", owner="me", cost=5)
    await Book.create(code="b", owner="other", cost=6)
    mine, other = (await client.do("index", "Book", sort="code"))["models"]
    assert mine["cost"] == 5
    assert "cost" not in other
    for payload in ({"where": {"cost": 6}}, {"sort": "cost"}, {"pluck": ["cost"]}):
        assert (await client.do("index", "Book", **payload))["code"] == "not_exposed"
    refused = await client.do("update", "Book", id=2, attributes={"cost": 1})
    assert refused["code"] == "not_writable"
    assert (await client.do("update", "Book", id=1, attributes={"cost": 1}))["status"] == "success"
    about = (await client.do("describe", "Book"))["resource"]["attributes"]["cost"]
    assert (about["readable"], about["filterable"]) == (True, False)


async def test_a_record_that_can_not_be_read_back_is_answered_with_what_was_sent(
    client: Client,
) -> None:
    made = await client.do("create", "Book", attributes={"code": "hidden", "cost": 3})
    assert set(made["model"]) == {"code", "cost", "id"}


# Nested records


def nested(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"chapters": [*entries]}


async def chapters() -> list[str]:
    return await Chapter.order("id").pluck("name")


async def test_records_are_written_with_their_owner(client: Client) -> None:
    made = await client.do(
        "create",
        "Book",
        attributes={"code": "a"},
        nestedAttributes=nested(
            {
                "attributes": {"name": "one"},
                "nestedAttributes": {"pages": [{"attributes": {"text": "p"}}]},
            },
            {"attributes": {"name": "two"}},
        ),
    )
    related = made["model"]["__preloadedRelationships"]["chapters"]
    assert [one["name"] for one in related] == ["one", "two"]
    assert [one["bookId"] for one in related] == [made["model"]["id"]] * 2
    assert (await Page.pluck("text")) == ["p"]
    one, two = (one["id"] for one in related)
    changed = await client.do(
        "update",
        "Book",
        id=made["model"]["id"],
        attributes={"code": "b"},
        nestedAttributes=nested(
            {"attributes": {"name": "three"}},
            {"id": one, "attributes": {"id": one, "name": "ONE", "bookId": made["model"]["id"]}},
            {"id": two, "_destroy": True},
        ),
    )
    related = changed["model"]["__preloadedRelationships"]["chapters"]
    assert [one["name"] for one in related] == ["ONE", "three"]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"attributes": {"name": "refused"}}, "access_denied"),
        ({"attributes": {"name": ""}}, "validation_failed"),
        ({"attributes": {"name": "x", "notes": "y"}}, "not_writable"),
        ({"attributes": {"name": "x", "bookId": 5}}, "not_writable"),
        ({"id": "kept", "_destroy": True}, "access_denied"),
        ({"id": "secret", "attributes": {"name": "x"}}, "record_not_found"),
        ({"id": "others", "attributes": {"name": "x"}}, "record_not_found"),
        ({"id": "others", "_destroy": True}, "record_not_found"),
        ({"id": "gone", "attributes": {"name": "x"}}, "record_not_found"),
        ({"id": "plain", "attributes": {"name": "refused"}}, "access_denied"),
        ({"id": "plain", "nestedAttributes": {"book": []}}, "not_exposed"),
        (
            {"id": "plain", "nestedAttributes": {"pages": [{"id": 1, "_destroy": True}]}},
            "not_exposed",
        ),
        ({"id": "plain", "other": 1}, "malformed_command"),
    ],
    ids=lambda given: given if isinstance(given, str) else None,
)
async def test_all_of_it_is_written_or_nothing(client: Client, entry: Any, code: str) -> None:
    book, other = await Book.create(code="a"), await Book.create(code="b")
    keys = {"nobody": 0}
    for name in ("kept", "secret", "plain", "gone"):
        keys[name] = (await Chapter.create(name=name, book=book)).id
    keys["others"] = (await Chapter.create(name="others", book=other)).id
    await (await Chapter.find(keys["gone"])).destroy()
    before = await chapters()
    if "id" in entry:
        entry = {**entry, "id": keys[entry["id"]]}
    response = await client.do(
        "update",
        "Book",
        id=book.id,
        attributes={"code": "changed"},
        nestedAttributes=nested({"attributes": {"name": "first"}}, entry),
    )
    assert response["code"] == code, response
    assert await chapters() == before
    assert (await Book.find(book.id)).code == "a"


async def test_no_more_records_are_nested_than_the_model_takes(client: Client) -> None:
    entries = [{"attributes": {"name": "x"}}] * 4
    response = await client.do(
        "create", "Book", attributes={"code": "a"}, nestedAttributes=nested(*entries)
    )
    assert (response["code"], response["limit"]) == ("resource_limit", 3)
    assert await Book.count() == 0


# Files


FILE = {"contentBase64": b64encode(b"bytes").decode(), "filename": "a.txt", "contentType": None}


async def waiting() -> AsyncIterator[bytes]:
    """A client that says nothing more, and stays."""
    yield b""
    await asyncio.sleep(60)


async def test_files_are_attached_fetched_and_kept(client: Client) -> None:
    book = await Book.create(code="a")
    answer = await client.post(
        {"id": book.id, "attachmentName": "cover", "attachment": FILE}, "/books/attach"
    )
    assert answer.json["model"]["code"] == "a"
    found = await client.do("download", "Book", id=book.id, attachmentName="cover")
    assert b64decode(found["attachment"]["contentBase64"]) == b"bytes"
    assert found["attachment"]["filename"] == "a.txt"
    query = f"id={book.id}&attachmentName=cover"
    sent = await ask(client.app, "GET", "/books/download", waiting(), query=query)
    assert (sent.status, sent.body) == (200, b"bytes")
    nowhere = await client.do("url", "Book", id=book.id, attachmentName="cover")
    assert nowhere["status"] == "error"


async def test_files_come_with_a_record_where_they_may_be_written(client: Client) -> None:
    answer = await client.post({"attributes": {"code": "a", "cover": FILE}}, "/books/create")
    key = answer.json["model"]["id"]
    assert await (await model.find(key)).cover.download() == b"bytes"
    many = {"attributes": {"scans": [FILE]}, "id": key}
    assert (await client.post(many, "/books/update")).json["status"] == "success"
    found = await client.do("download", "Book", id=key, attachmentName="scans")
    wanted = found["attachment"]["id"]
    again = await client.do("download", "Book", id=key, attachmentName="scans", attachmentId=wanted)
    assert again == found


async def test_files_of_records_that_may_not_be_read_are_not_there(client: Client) -> None:
    book = await model.create(code="hidden", cover={"content": "x", "filename": "x.txt"})
    for kind in ("download", "url", "attach"):
        response = await client.do(
            kind, "Book", id=book.id, attachmentName="cover", attachment=FILE
        )
        assert response["code"] == "record_not_found"
    query = f"id={book.id}&attachmentName=cover"
    answer = await ask(client.app, "GET", "/books/download", waiting(), query=query)
    assert answer.status == 404


async def test_what_is_no_attachment_is_not_fetched(client: Client) -> None:
    book = await Book.create(code="a")
    names: list[Any] = ["code", "chapters", "nope", None, {}, "cover"]
    for name in names:
        response = await client.do("download", "Book", id=book.id, attachmentName=name)
        assert response["code"] in ("not_exposed", "attachment_not_found"), response
    path = {"path": "/etc/passwd", "filename": "x"}
    response = await client.do(
        "attach", "Book", id=book.id, attachmentName="cover", attachment=path
    )
    assert response["status"] == "error"
    assert response["code"] != "internal_error", response


async def test_a_file_that_is_not_there_is_not_found(client: Client) -> None:
    book = await Book.create(code="a")
    query = f"id={book.id}&attachmentName=cover"
    answer = await ask(client.app, "GET", "/books/download", waiting(), query=query)
    assert answer.status == 404


async def test_only_commands_with_files_have_an_address_of_their_own(client: Client) -> None:
    assert (await client.post({}, "/books/destroy")).status == 404
    assert (await client.post({}, "/chapters/create")).status == 404


# Hooks


async def test_a_resource_reads_writes_and_shows_in_its_own_way(
    environment: TestEnvironment,
) -> None:
    class OwnResource(BookResource):
        async def find(self, query: Any, key: Any) -> Any:
            return await query.find_by(code=key)

        async def create(self, attributes: Any) -> Any:
            return await Book.create(code=f"{attributes['code']}!")

        async def update(self, record: Any, attributes: Any) -> Any:
            return await record.update(code=f"{attributes['code']}?")

        async def destroy(self, record: Any) -> None:
            await record.update(archived=True)

        async def serialize(self, record: Any, names: Any, action: str) -> Any:
            data = await super().serialize(record, names, action)
            return {**data, "code": f"{action} {data['code']}"}

    resources = (OwnResource, *RESOURCES[1:])
    async with publishing(environment, resources=resources) as configuration:
        client = Client(configuration)
        made = await client.do("create", "Book", attributes={"code": "a"})
        assert made["model"]["code"] == "create a!"
        assert (await client.do("find", "Book", id="a!"))["model"]["code"] == "find a!"
        changed = await client.do("update", "Book", id="a!", attributes={"code": "b"})
        assert changed["model"]["code"] == "update b?"
        assert (await client.do("destroy", "Book", id="b?"))["status"] == "success"
        assert await Book.count() == 1
