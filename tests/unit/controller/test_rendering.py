"""What an action may answer with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from starlette.responses import PlainTextResponse

from tests.unit.controller.answers import client_of
from velocious.controller import Controller
from velocious.controller.answer.redirecting import own_address
from velocious.controller.encoding import to_json
from velocious.errors import RenderError
from velocious.record import Record

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment

SCHEMA = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT, secret TEXT)"


class Note(Record):
    pass


class AnswersController(Controller):
    async def created(self) -> None:
        self.render(json={"id": 1}, status=201, headers={"X-Total": "1"})

    async def text(self) -> None:
        self.render_text("héllo", status=202)

    async def nothing(self) -> None:
        self.head(204)

    async def elsewhere(self) -> None:
        self.redirect_to("/created?a=1")

    async def returned(self) -> Any:
        return PlainTextResponse("by hand")

    async def silent(self) -> None:
        pass

    async def twice(self) -> None:
        self.render_text("one")
        self.render_text("two")

    async def value(self) -> Any:
        return {"id": 1}

    async def empty_render(self) -> None:
        self.render()


async def test_json_comes_with_its_status_and_headers() -> None:
    async with client_of(AnswersController) as client:
        answer = await client.get("/created")
    assert (answer.status_code, answer.content) == (201, b'{"id":1}')
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-total"] == "1"


@pytest.mark.parametrize("value", [0, False, None, "", [], {}])
async def test_falsy_json_renders_as_json(value: Any) -> None:
    class FalsyController(Controller):
        async def show(self) -> None:
            self.render(json=value)

    async with client_of(FalsyController) as client:
        answer = await client.get("/show")
    assert (answer.status_code, answer.json()) == (200, value)


async def test_text_heads_redirects_and_responses_are_answers_too() -> None:
    async with client_of(AnswersController) as client:
        text = await client.get("/text")
        head = await client.get("/nothing")
        moved = await client.get("/elsewhere")
        followed = await client.post("/elsewhere")
        by_hand = await client.get("/returned")
    assert (text.status_code, text.text) == (202, "héllo")
    assert (head.status_code, head.content) == (204, b"")
    assert (moved.status_code, moved.headers["location"]) == (302, "/created?a=1")
    assert followed.status_code == 303
    assert by_hand.text == "by hand"


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("silent", "AnswersController#silent ended without an answer, and has no template"),
        ("twice", "AnswersController#twice answered twice"),
        ("value", "AnswersController#value returned {'id': 1}, which is no response"),
        ("empty_render", "There is no template 'empty_render'. Looked for: app/views/answers/"),
    ],
)
async def test_an_action_that_does_not_answer_once_is_explained(action: str, said: str) -> None:
    async with client_of(AnswersController, environment="development") as client:
        answer = await client.get(f"/{action}")
    assert answer.status_code == 500
    assert said in answer.json()["error"]["message"]


def test_dates_decimals_and_uuids_have_a_form() -> None:
    value = {
        "at": datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        "on": date(2026, 1, 2),
        "price": Decimal("9.90"),
        "key": UUID(int=1),
        "tags": {"b", "a"},
    }
    assert to_json(value) == (
        b'{"at":"2026-01-02T03:04:00+00:00","on":"2026-01-02","price":"9.90",'
        b'"key":"00000000-0000-0000-0000-000000000001","tags":["a","b"]}'
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (float("nan"), "JSON knows no NaN"),
        (object(), "A object cannot be rendered as JSON"),
        ({(1, 2): 3}, "keys must be str"),
        ("\ud800", "half a surrogate pair"),
    ],
)
def test_what_json_has_no_form_for_is_refused(value: Any, said: str) -> None:
    with pytest.raises(RenderError, match=said):
        to_json(value)


def test_a_value_that_holds_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(RenderError, match="holds itself"):
        to_json(value)


async def test_a_record_is_rendered_only_by_named_attributes(
    environment: TestEnvironment,
) -> None:
    async with environment.application(models=[Note], schema=SCHEMA):
        note = await Note.create(text="Hi", secret="s3cret")
        with pytest.raises(RenderError, match=r"A Note cannot be rendered.*attributes="):
            to_json({"note": note})
        with pytest.raises(RenderError, match=r"await query.to_list"):
            to_json(Note.where(text="Hi"))
        assert to_json([note], ["id", "text"]) == b'[{"id":1,"text":"Hi"}]'


@pytest.mark.parametrize("address", ["/", "/tasks/1?x=1#top", "/a%20b"])
def test_a_path_of_ours_is_a_fine_place_to_go(address: str) -> None:
    assert own_address(address) == address


@pytest.mark.parametrize(
    "address",
    ["https://evil.test/", "//evil.test", "/\\evil.test", "tasks", "", "/a\r\nSet-Cookie: x=1"],
)
def test_a_redirect_does_not_leave_by_accident(address: str) -> None:
    with pytest.raises(RenderError, match="would leave this application"):
        own_address(address)
