"""What actions declare with @accepts is checked, and text becomes what was declared."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from tests.suites.asking import MULTIPART, ask, field, file, multipart
from velocious.controller import Controller, Params, accepts, responds
from velocious.controller.declaring import declaration_of
from velocious.errors import RoutingError
from velocious.routing import Routes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.types import ASGIApp

    from tests.suites.asking import Answer
    from velocious.testing.environment import TestEnvironment

FORM = "application/x-www-form-urlencoded"
SOME_UUID = "12345678-1234-4234-8234-123456789012"


class DeclaredController(Controller):
    seen: list[Any] = []

    @accepts(
        path={"id": {"maximum": 10}},
        query={
            "page": {"type": "integer", "minimum": 1, "default": 1},
            "ratio": float,
            "done": bool,
            "since": date,
            "at": datetime,
            "key": UUID,
            "tags": {"type": "array", "items": {"enum": ["a", "b"]}, "maxItems": 2},
            "numbers": [int],
            "sort": {"type": "string", "enum": ["name", "date"]},
        },
    )
    async def query(self) -> None:
        self.seen[:] = sorted(self.params.items())
        self.head(204)

    @accepts(
        body={
            "title": {"type": "string", "minLength": 2, "maxLength": 5},
            "pages": {"type": ["integer", "null"]},
            "done": bool,
            "due": date,
            "address": {
                "type": "object",
                "properties": {"street": str, "number": int, "since": date},
                "required": ["street"],
            },
        },
        required=["title"],
    )
    async def body(self) -> None:
        self.seen[:] = [self.params]
        self.head(204)

    @accepts(
        body={
            "cover": "file",
            "more": ["file"],
            "post": {"type": "object", "properties": {"scan": "file", "pages": int}},
        },
        required="cover",
    )
    async def upload(self) -> None:
        self.render(json=[self.params["cover"].filename, len(self.params.get("more", []))])


@asynccontextmanager
async def declared(environment: TestEnvironment) -> AsyncGenerator[ASGIApp]:
    # What is asked here is the same for every database.
    environment.needs("sqlite_files")
    DeclaredController.seen.clear()
    routes = Routes()
    routes.get("/query/{id:int}", to=(DeclaredController, "query"))
    routes.post("/body", to=(DeclaredController, "body"))
    routes.post("/upload", to=(DeclaredController, "upload"))
    async with environment.application(routes=routes) as configuration:
        yield configuration.asgi()


def mistakes(answer: Answer) -> dict[str, list[str]]:
    """name → its codes."""
    assert (answer.status, answer.error["code"]) == (422, "invalid_parameter"), answer.body
    return {name: [one["code"] for one in them] for name, them in answer.error["errors"].items()}


async def test_the_text_of_a_query_becomes_what_was_declared(environment: TestEnvironment) -> None:
    query = (
        "page=3&ratio=1.5&done=on&since=2026-03-31&at=2026-03-31T12:00:00Z&other=kept"
        f"&key={SOME_UUID}&tags[]=a&tags[]=b&numbers[]=1&numbers[]=2&sort=name"
    )
    async with declared(environment) as app:
        assert (await ask(app, "GET", "/query/7", query=query)).status == 204
    seen = dict(DeclaredController.seen)
    assert (seen["page"], seen["ratio"], seen["done"], seen["id"]) == (3, 1.5, True, 7)
    assert (seen["since"], seen["key"]) == (date(2026, 3, 31), UUID(SOME_UUID))
    assert seen["at"].isoformat() == "2026-03-31T12:00:00+00:00"
    assert (seen["tags"], seen["numbers"]) == (["a", "b"], [1, 2])
    assert (seen["sort"], seen["other"]) == ("name", "kept")


async def test_what_is_missing_or_empty_has_its_default_or_is_not_there(
    environment: TestEnvironment,
) -> None:
    async with declared(environment) as app:
        assert (await ask(app, "GET", "/query/7", query="page=&ratio=&since=")).status == 204
    assert DeclaredController.seen == [("id", 7), ("page", 1)]


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("page=0", {"page": ["too_small"]}),
        ("page=x", {"page": ["type"]}),
        ("page=1.5", {"page": ["type"]}),
        ("page[]=1", {"page": ["type"]}),
        ("page[a]=1", {"page": ["type"]}),
        ("done=maybe&ratio=much", {"done": ["type"], "ratio": ["type"]}),
        (
            "since=2026-02-31&at=now&key=k",
            {"since": ["format"], "at": ["format"], "key": ["format"]},
        ),
        ("sort=id", {"sort": ["inclusion"]}),
        ("tags=a", {"tags": ["type"]}),
        ("tags[]=c", {"tags": ["inclusion"]}),
        ("tags[]=a&tags[]=a&tags[]=a", {"tags": ["max_items"]}),
        ("numbers[]=x", {"numbers": ["type"]}),
    ],
)
async def test_every_wrong_name_of_a_query_is_told(
    environment: TestEnvironment, query: str, wrong: dict[str, list[str]]
) -> None:
    async with declared(environment) as app:
        assert mistakes(await ask(app, "GET", "/query/7", query=query)) == wrong
    assert DeclaredController.seen == []


async def test_a_parameter_of_the_path_is_checked(environment: TestEnvironment) -> None:
    async with declared(environment) as app:
        assert mistakes(await ask(app, "GET", "/query/11")) == {"id": ["too_large"]}


async def test_a_form_and_json_that_say_the_same_are_the_same(environment: TestEnvironment) -> None:
    sent = (
        (FORM, b"title=abc&pages=&done=1&address[street]=S&address[number]=5&due=2026-01-01"),
        (
            "application/json",
            b'{"title": "abc", "pages": null, "done": true, "due": "2026-01-01",'
            b' "address": {"street": "S", "number": 5.0}}',
        ),
    )
    for kind, body in sent:
        async with declared(environment) as app:
            assert (await ask(app, "POST", "/body", body, content_type=kind)).status == 204
        (seen,) = DeclaredController.seen
        address = {"street": "S", "number": 5}
        expected = {"title": "abc", "pages": None, "done": True, "due": date(2026, 1, 1)}
        assert seen == {**expected, "address": address}
        assert (type(seen), type(seen["address"])) == (Params, Params)


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        (b"{}", {"title": ["missing"]}),
        (b"[]", {"title": ["missing"]}),
        (b'{"title": "x"}', {"title": ["too_short"]}),
        (b'{"title": 5}', {"title": ["type"]}),
        (b'{"title": "abc", "pages": "5"}', {"pages": ["type"]}),
        (b'{"title": "abc", "done": "true"}', {"done": ["type"]}),
        (b'{"title": "abc", "due": 5}', {"due": ["type"]}),
        (b'{"title": "abcdef", "due": "soon"}', {"title": ["too_long"], "due": ["format"]}),
        (b'{"title": "abc", "address": {}}', {"address": ["missing"]}),
        (b'{"title": "abc", "address": {"street": "S", "number": "5"}}', {"address": ["type"]}),
    ],
)
async def test_json_is_of_the_declared_types(
    environment: TestEnvironment, body: bytes, wrong: dict[str, list[str]]
) -> None:
    async with declared(environment) as app:
        answer = await ask(app, "POST", "/body", body, content_type="application/json")
    assert mistakes(answer) == wrong


async def test_a_mistake_inside_an_object_says_where(environment: TestEnvironment) -> None:
    body = b'{"title": "abc", "address": {"street": "S", "number": "x"}}'
    async with declared(environment) as app:
        answer = await ask(app, "POST", "/body", body, content_type="application/json")
    assert answer.error["errors"]["address"][0]["message"] == "number must be integer"
    assert answer.error["message"] == "The parameter 'address' number must be integer."


async def test_a_file_is_a_file(environment: TestEnvironment) -> None:
    good = multipart(
        file("cover", "a.png", b"1"), file("more[]", "b", b"2"), file("post[scan]", "c", b"3")
    )
    text = multipart(field("cover", "x"), field("more[]", "y"), field("post[scan]", "z"))
    async with declared(environment) as app:
        answer = await ask(app, "POST", "/upload", good, content_type=MULTIPART)
        assert answer.json == ["a.png", 1]
        answer = await ask(app, "POST", "/upload", text, content_type=MULTIPART)
        assert mistakes(answer) == {"cover": ["type"], "more": ["type"], "post": ["type"]}
        answer = await ask(app, "POST", "/upload", b"{}", content_type="application/json")
        assert mistakes(answer) == {"cover": ["missing"]}


@pytest.mark.parametrize(
    ("declare", "said"),
    [
        ({"query": {"a": "integer"}}, "'integer' is no type of a parameter"),
        ({"query": {"a": []}}, "is no type"),
        ({"body": {"a": {"type": "int"}}}, "the type 'int' is unknown. Did you mean 'integer'"),
        ({"body": {"a": {"type": "array", "items": "x"}}}, "'x' is no type"),
        ({"body": {"title": str}, "required": ["titel"]}, "Did you mean 'title'"),
    ],
)
def test_a_declaration_that_makes_no_sense_is_refused(declare: Any, said: str) -> None:
    with pytest.raises(RoutingError, match=said):
        accepts(**declare)


def test_declarations_add_up_in_any_order() -> None:
    @responds(200, {"type": "object"}, description="one")
    @accepts(query={"a": int})
    @responds(404)
    async def action(controller: Any) -> None: ...

    found = declaration_of(action)
    assert (list(found.answers), found.answers[404].description) == ([200, 404], "Not Found")
    assert found.query == {"a": {"type": "integer"}}
