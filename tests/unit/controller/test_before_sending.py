"""What happens between an action and its answer: headers, callbacks, the request's id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from starlette.responses import PlainTextResponse

from tests.unit.controller.answers import client_of
from velocious.controller import Controller

if TYPE_CHECKING:
    from starlette.responses import Response


class LastController(Controller):
    async def early(self) -> None:
        self.headers["X-Early"] = "1"
        self.headers["Cache-Control"] = "private"
        self.headers.append("Set-Cookie", "a=1")
        self.headers.append("Set-Cookie", "b=2")
        self.render(json=1, headers={"Cache-Control": "no-store", "Set-Cookie": "c=3"})

    async def late(self) -> Response:
        self.headers["X-Early"] = "1"

        def add(response: Response) -> None:
            response.headers["X-One"] = response.headers["x-early"]

        async def add_later(response: Response) -> None:
            response.headers["X-Two"] = response.headers["X-One"] + "2"

        self.before_sending(add)
        self.before_sending(add_later)
        return PlainTextResponse("late")

    async def name(self) -> None:
        self.render_text(self.request_id)


async def test_headers_are_set_before_the_answer_and_the_answer_s_own_win() -> None:
    async with client_of(LastController) as client:
        headers = (await client.get("/early")).headers
    assert headers["x-early"] == "1"
    assert headers.get_list("cache-control") == ["no-store"]
    assert sorted(headers.get_list("set-cookie")) == ["a=1", "b=2", "c=3"]


async def test_what_is_to_run_before_sending_sees_the_answer_in_order() -> None:
    async with client_of(LastController) as client:
        answer = await client.get("/late")
    assert (answer.text, answer.headers["x-one"], answer.headers["x-two"]) == ("late", "1", "12")


async def test_a_request_has_an_id_that_its_answer_repeats() -> None:
    async with client_of(LastController) as client:
        first, second = await client.get("/name"), await client.get("/name")
        lost = await client.get("/nowhere")
    assert first.text == first.headers["x-request-id"] != second.text
    assert re.fullmatch("[0-9a-f]{32}", first.text)
    assert lost.headers["x-request-id"]


@pytest.mark.parametrize(
    ("sent", "believed"),
    [
        ("abc-1.2_3", True),
        ("x" * 128, True),
        ("x" * 129, False),
        ("", False),
        ("a b", False),
        ("a\tb", False),
        ("é", False),
        ("<script>", False),
    ],
)
async def test_a_client_s_id_is_believed_where_it_is_harmless(sent: str, believed: bool) -> None:
    async with client_of(LastController) as client:
        answer = await client.get("/name", headers={b"x-request-id": sent.encode()})
    assert (answer.text == sent) is believed
    assert answer.headers["x-request-id"] == answer.text
