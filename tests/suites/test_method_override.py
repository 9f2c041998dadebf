"""Forms that patch, put and delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.visiting import FORM, visiting
from velocious.controller import Controller
from velocious.routing.method_override import WITHIN

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment

MULTIPART = "multipart/form-data; boundary=edge"
OURS = {"sec_fetch_site": "same-origin"}


class MethodsController(Controller):
    async def act(self) -> None:
        title = self.params.get("title")
        self.render(json=[self.request.method, None if title is None else str(title)])


def methods(environment: TestEnvironment) -> Any:
    return visiting(environment, MethodsController)


def multipart(*fields: tuple[str, str]) -> bytes:
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields
    ]
    return "".join([*parts, "--edge--\r\n"]).encode()


@pytest.mark.parametrize("said", ["patch", "put", "delete", "PATCH", "Delete"])
async def test_a_form_says_what_it_does(environment: TestEnvironment, said: str) -> None:
    async with methods(environment) as visitor:
        answer = await visitor.post("/act", {"_method": said, "title": "Über"})
        assert answer.json() == [said.upper(), "Über"]
        body = multipart(("_method", said), ("title", "Long"))
        answer = await visitor.ask("POST", "/act", OURS, body, MULTIPART)
        assert answer.json() == [said.upper(), "Long"]


async def test_it_may_stand_behind_other_short_fields(environment: TestEnvironment) -> None:
    async with methods(environment) as visitor:
        answer = await visitor.post("/act", {"authenticity_token": "a" * 86, "_method": "put"})
        assert answer.json() == ["PUT", None]
        body = multipart(("authenticity_token", "a" * 86), ("_method", "put"))
        assert (await visitor.ask("POST", "/act", OURS, body, MULTIPART)).json()[0] == "PUT"


@pytest.mark.parametrize(
    "body",
    [
        *(f"_method={said}" for said in ("get", "head", "post", "trace", "options", "connect", "")),
        "_method=put+it",
        "_method=putting",
        "_method=%70ut",
        "x_method=put",
        "a=_method=put",
        "_METHOD=put",
        f"a={'b' * WITHIN}&_method=put",
    ],
)
async def test_nothing_else_changes_the_method(environment: TestEnvironment, body: str) -> None:
    async with methods(environment) as visitor:
        answer = await visitor.ask("POST", "/act", OURS, body.encode())
    assert answer.json()[0] == "POST"


async def test_only_a_posted_form_may_say_so(environment: TestEnvironment) -> None:
    async with methods(environment) as visitor:
        assert (await visitor.get("/act?_method=delete")).json()[0] == "GET"
        assert (await visitor.ask("GET", "/act", {}, b"_method=delete")).json()[0] == "GET"
        assert (await visitor.ask("PUT", "/act", OURS, b"_method=delete")).json()[0] == "PUT"
        for kind in ("application/json", "text/plain", "application/octet-stream"):
            body = b'"_method=delete"' if kind.endswith("json") else b"_method=delete"
            assert (await visitor.ask("POST", "/act", OURS, body, kind)).json()[0] == "POST"
        answer = await visitor.post("/act?_method=delete", {"a": "1"})
        assert answer.json()[0] == "POST"
        answer = await visitor.post("/act", {"a": "1"}, x_http_method_override="DELETE")
        assert answer.json()[0] == "POST"


async def test_a_form_that_deletes_is_checked_like_every_change(
    environment: TestEnvironment,
) -> None:
    async with methods(environment) as visitor:
        answer = await visitor.post("/act", {"_method": "delete"}, sec_fetch_site="cross-site")
        assert answer.status == 403
        cookie = {"cookie": "a=1", "sec_fetch_site": ""}
        assert (await visitor.post("/act", {"_method": "delete"}, **cookie)).status == 403


async def test_a_field_that_comes_in_pieces_is_read_whole(environment: TestEnvironment) -> None:
    body = b"_method=patch&title=" + b"a" * 20_000
    headers = [
        (b"host", b"app.test"),
        (b"content-type", FORM.encode()),
        (b"sec-fetch-site", b"same-origin"),
    ]
    async with methods(environment) as visitor:
        for size in (1, 3, 10, 5000):
            pieces = [body[at : at + size] for at in range(0, 200, size)]
            pieces.append(body[200 if 200 % size == 0 else len(pieces) * size :])
            answer = await visitor.raw("POST", "/act", headers, *pieces)
            assert answer.json() == ["PATCH", "a" * 20_000]


async def test_a_file_that_looks_like_the_field_is_none(environment: TestEnvironment) -> None:
    body = (
        b'--edge\r\nContent-Disposition: form-data; name="title"\r\n\r\n'
        b'Content-Disposition: form-data; name="_method"\r\n\r\nput\r\n--edge--\r\n'
    )
    async with methods(environment) as visitor:
        answer = await visitor.ask("POST", "/act", OURS, body, MULTIPART)
    assert answer.json()[0] == "POST"
