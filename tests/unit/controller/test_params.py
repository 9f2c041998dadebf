"""What an action finds in its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.controller.answers import client_of
from velocious.controller import Controller

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

JSON = {"content-type": "application/json"}


class EchoController(Controller):
    async def echo(self) -> None:
        self.render(json=self.params)

    async def name(self) -> None:
        self.render(json=self.params["name"])

    async def upload(self) -> None:
        file = self.params["file"]
        content = await file.read()
        self.render(json=[file.filename, len(content), self.params["title"]])

    async def raw(self) -> None:
        self.render_text((await self.request.body()).decode())


class SmallController(EchoController):
    body_limit = 100

    async def small(self) -> None:
        self.render(json=self.params)


async def test_the_path_wins_over_the_body_and_the_body_over_the_query() -> None:
    async with client_of(EchoController) as client:
        answer = await client.post("/echo/7?id=1&name=query&page=2", json={"id": 2, "name": "body"})
    assert answer.json() == {"id": 7, "name": "body", "page": "2"}


async def test_nested_json_is_kept_as_it_is() -> None:
    sent: dict[str, Any] = {"task": {"tags": ["a", {"b": None}], "done": False, "n": 1.5}}
    async with client_of(EchoController) as client:
        assert (await client.post("/echo", json=sent)).json() == sent


async def test_a_body_that_is_no_object_is_kept_under_a_name() -> None:
    async with client_of(EchoController) as client:
        assert (await client.post("/echo", json=[1, 2])).json() == {"_json": [1, 2]}


async def test_a_body_of_a_get_is_not_read() -> None:
    async with client_of(EchoController) as client:
        answer = await client.request("GET", "/echo", content=b"{", headers=JSON)
    assert (answer.status_code, answer.json()) == (200, {})


async def test_an_empty_body_of_json_has_no_parameters() -> None:
    async with client_of(EchoController) as client:
        assert (await client.delete("/echo", headers=JSON)).json() == {}


async def test_forms_are_read() -> None:
    async with client_of(EchoController) as client:
        answer = await client.post("/echo", data={"name": "Ann & Bob", "empty": ""})
    assert answer.json() == {"name": "Ann & Bob", "empty": ""}


async def test_files_arrive() -> None:
    async with client_of(EchoController) as client:
        answer = await client.post(
            "/upload", data={"title": "Notes"}, files={"file": ("a.txt", b"hello")}
        )
    assert answer.json() == ["a.txt", 5, "Notes"]


async def test_a_body_of_another_type_is_left_to_the_action() -> None:
    async with client_of(EchoController) as client:
        answer = await client.post("/raw", content="a;b", headers={"content-type": "text/csv"})
    assert answer.text == "a;b"


async def test_a_missing_parameter_is_the_clients_mistake() -> None:
    async with client_of(EchoController) as client:
        answer = await client.post("/name", json={"nmae": "x"})
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "code": "missing_parameter",
        "message": "The parameter 'name' is missing. Did you mean 'nmae'?",
    }


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"a": ', "Expecting value (line 1, column 7)"),
        (b"{'a': 1}", "malformed"),
        (b'{"a": NaN}', "NaN is no JSON value"),
        (b'{"a": Infinity}', "Infinity is no JSON value"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"a": "\\ud800"}', "surrogates not allowed"),
        (b"[" * 100_000, "malformed|too deeply"),
        (b'{"a":' * 100_000, "too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "malformed"),
    ],
)
async def test_malformed_json_is_answered_with_the_place(body: bytes, said: str) -> None:
    async with client_of(EchoController) as client:
        answer = await client.post("/echo", content=body, headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "malformed_request"
    assert any(part in answer.json()["error"]["message"] for part in said.split("|"))


async def test_a_malformed_form_is_the_clients_mistake() -> None:
    kind = {"content-type": "multipart/form-data; boundary=x"}
    async with client_of(EchoController) as client:
        answer = await client.post("/echo", content=b"nonsense", headers=kind)
    assert answer.status_code == 400


@pytest.mark.parametrize("length", ["announced", "streamed"])
async def test_a_body_over_the_limit_is_refused(length: str) -> None:
    body = b'"' + b"x" * 200 + b'"'

    async def pieces() -> AsyncGenerator[bytes]:
        for place in range(0, len(body), 50):
            yield body[place : place + 50]

    content = body if length == "announced" else pieces()
    async with client_of(SmallController) as client:
        answer = await client.post("/small", content=content, headers=JSON)
    assert answer.status_code == 413
    assert "larger than 100 bytes" in answer.json()["error"]["message"]


async def test_a_megabyte_is_the_limit_by_default() -> None:
    async with client_of(EchoController) as client:
        fits = await client.post("/name", json={"name": "x" * 1_000_000})
        exceeds = await client.post("/name", json={"name": "x" * 1_100_000})
    assert (fits.status_code, exceeds.status_code) == (200, 413)
