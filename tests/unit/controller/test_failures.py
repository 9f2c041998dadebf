"""What a client gets when something goes wrong."""

from __future__ import annotations

import logging
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from starlette.exceptions import HTTPException

from tests.unit.controller.answers import client_of
from velocious import current
from velocious.controller import Controller
from velocious.errors import ConfigurationError, RecordNotFoundError
from velocious.record import Record, validates

if TYPE_CHECKING:
    from pathlib import Path

HTML = {"accept": "text/html"}


class Idea(Record):
    validations = [validates("name", presence=True)]


class FailingController(Controller):
    async def missing(self) -> None:
        raise RecordNotFoundError("Task", {"id": 7})

    async def broken(self) -> None:
        raise LookupError("the password is hunter2")

    async def teapot(self) -> None:
        raise HTTPException(418, "Short and stout", {"X-Pot": "tea"})

    async def fine(self) -> None:
        self.render(json=current.configuration() is self.configuration)

    async def own_header(self) -> None:
        self.render(json=1, headers={"X-Frame-Options": "DENY"})


async def test_a_record_that_is_not_there_is_404() -> None:
    async with client_of(FailingController) as client:
        answer = await client.get("/missing")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "record_not_found")


async def test_what_a_validation_found_is_422_with_each_error(tmp_path: Path) -> None:
    class IdeasController(Controller):
        async def create(self) -> None:
            await Idea.create(name=self.params["name"])

    database = tmp_path / "ideas.sqlite3"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE ideas (id INTEGER PRIMARY KEY, name TEXT)")
    options: dict[str, Any] = {"databases": {"default": f"sqlite:///{database}"}, "models": [Idea]}
    async with client_of(IdeasController, **options) as client:
        answer = await client.post("/create", json={"name": ""})
    assert answer.status_code == 422
    assert answer.json()["error"] == {
        "code": "validation_failed",
        "message": "Name can't be blank",
        "errors": {"name": [{"code": "blank", "message": "can't be blank"}]},
    }


@pytest.mark.parametrize("environment_name", ["production", "test"])
async def test_nothing_internal_is_told_outside_development(
    environment_name: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with client_of(
        FailingController, environment=environment_name, http={"hosts": ["app.test"]}
    ) as client:
        answers = [await client.get("/broken"), await client.get("/broken", headers=HTML)]
    for answer in answers:
        assert answer.status_code == 500
        assert "hunter2" not in answer.text
        assert "LookupError" not in answer.text
    failures = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [str(failure.exc_info[1]) for failure in failures if failure.exc_info] == [
        "the password is hunter2"
    ] * 2


async def test_development_shows_where_it_happened() -> None:
    async with client_of(FailingController, environment="development") as client:
        data = await client.get("/broken")
        page = await client.get("/broken", headers=HTML)
    assert data.json()["error"]["message"] == "LookupError: the password is hunter2"
    assert "test_failures.py" in data.json()["error"]["traceback"]
    assert "in broken" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


async def test_an_http_exception_keeps_its_status_message_and_headers() -> None:
    async with client_of(FailingController) as client:
        answer = await client.get("/teapot")
    assert (answer.status_code, answer.headers["x-pot"]) == (418, "tea")
    assert answer.json()["error"] == {"code": "im_a_teapot", "message": "Short and stout"}


async def test_an_unknown_path_is_404_in_the_form_the_client_likes() -> None:
    async with client_of(FailingController) as client:
        data = await client.get("/nowhere/<b>")
        page = await client.get("/nowhere/<b>", headers=HTML)
    assert data.status_code == page.status_code == 404
    assert data.json()["error"]["code"] == "not_found"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<b>" not in page.text


async def test_an_unknown_method_is_405_and_names_the_others() -> None:
    async with client_of(FailingController) as client:
        answer = await client.put("/fine")
        asked = await client.options("/fine")
    assert answer.status_code == 405
    assert answer.headers["allow"] == asked.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, POST"
    assert (asked.status_code, asked.content) == (204, b"")


async def test_a_request_runs_under_its_own_configuration() -> None:
    async with client_of(FailingController) as client, client_of(FailingController):
        assert (await client.get("/fine")).json() is True


@pytest.mark.parametrize("path", ["/fine", "/nowhere", "/broken"])
async def test_every_answer_has_the_headers_for_safety(path: str) -> None:
    async with client_of(FailingController) as client:
        headers = (await client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["cross-origin-opener-policy"] == "same-origin"


async def test_an_action_may_choose_a_header_itself() -> None:
    async with client_of(FailingController) as client:
        headers = (await client.get("/own_header")).headers
    assert headers.get_list("x-frame-options") == ["DENY"]


async def test_each_request_is_a_line_in_the_log_without_secrets(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "velocious.http")
    async with client_of(FailingController) as client:
        await client.get("/fine?token=abc&page=2", headers={"x-request-id": "one"})
        await client.get("/nowhere", headers={"x-request-id": "two"})
    lines = [re.sub(r"[0-9.]+ ms", "… ms", record.getMessage()) for record in caplog.records]
    assert lines == [
        "GET /fine?token=[filtered]&page=2 200 … ms FailingController#fine one",
        "GET /nowhere 404 … ms two",
    ]


async def test_parameters_are_logged_for_those_who_debug_and_never_secrets(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "velocious.http")
    given = {"user": {"password": "hunter2", "name": "x" * 300, "pin": 4711}, "list": [{"pin": 1}]}
    async with client_of(FailingController, http={"log_parameters": ["pin"]}) as client:
        await client.post("/fine?pin=4711&user[pin]=4712", json=given)
    (line,) = [one.getMessage() for one in caplog.records if one.getMessage().startswith("POST")]
    assert "'password': '[filtered]'" in line and "'list': [{'pin': '[filtered]'}]" in line
    assert not re.search("hunter2|471|x{101}", line)


# Events


async def test_who_listens_to_errors_hears_of_ours_and_of_all() -> None:
    ours: list[Any] = []
    all_: list[Any] = []
    async with client_of(FailingController) as client:
        events = current.configuration().error_events
        events.on("framework-error", ours.append)

        @events.on("all-error")
        async def note(event: Any) -> None:
            all_.append(event)

        await client.get("/broken")
        await client.get("/missing")
        await client.get("/nowhere")
        events.off("all-error", note)
        await client.get("/broken")
    assert [type(event.error) for event in ours] == [LookupError, LookupError]
    assert [event.error_type for event in all_] == [
        "framework-error",
        "client-error",
        "client-error",
    ]
    event = ours[0]
    assert (event.response.status_code, event.request.url.path) == (500, "/broken")
    assert event.context["controller"] == "FailingController"
    assert event.context["request_id"] in str(event.error.__notes__)


async def test_a_listener_that_fails_is_logged_and_breaks_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    heard: list[Any] = []

    def fails(event: Any) -> None:
        raise OSError("the pager is down")

    async with client_of(FailingController) as client:
        current.configuration().error_events.on("all-error", fails)
        current.configuration().error_events.on("all-error", heard.append)
        answer = await client.get("/missing")
    assert (answer.status_code, len(heard)) == (404, 1)
    assert "the pager is down" in caplog.text


async def test_an_unknown_event_is_an_error() -> None:
    async with client_of(FailingController):
        with pytest.raises(ConfigurationError, match=r"'framework-eror'.*'framework-error'"):
            current.configuration().error_events.on("framework-eror", print)
