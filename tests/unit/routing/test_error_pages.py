"""What people see when something goes wrong: much in development, nothing of ours elsewhere."""

from __future__ import annotations

from html import escape, unescape
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from bs4 import BeautifulSoup

from tests.unit.controller.answers import client_of
from velocious.configuration import Configuration
from velocious.controller import Controller
from velocious.errors import RecordNotFoundError
from velocious.routing import Routes
from velocious.routing.error_report import report
from velocious_node import LogSettings, NodeEnvironmentHandler

if TYPE_CHECKING:
    from pathlib import Path

HTML = {"accept": "text/html"}
EVIL = "<script>alert(1)</script>\"'>"


class Unspeakable(Exception):
    def __str__(self) -> str:
        raise ValueError("no words")


class BreakingController(Controller):
    async def evil(self) -> None:
        error = LookupError(EVIL)
        error.add_note(f"note {EVIL}")
        raise error

    async def chained(self) -> None:
        kept = "hunter2"
        try:
            int(kept.removeprefix("hunter") + "x")
        except ValueError as error:
            raise LookupError("There is no such number. Write digits.") from error

    async def unspeakable(self) -> None:
        raise Unspeakable

    async def missing(self) -> None:
        raise RecordNotFoundError("Task", {"token": "hunter2"})


async def page_of(path: str, environment: str, **headers: str) -> httpx.Response:
    hosts = {"hosts": ["app.test"]}
    async with client_of(BreakingController, environment=environment, http=hosts) as client:
        return await client.get(path, headers={**HTML, **headers})


async def test_what_an_error_or_a_client_says_is_shown_as_text() -> None:
    answer = await page_of(f"/evil?q={EVIL}", "development", **{"x-evil": EVIL})
    soup = BeautifulSoup(answer.text, "html.parser")
    assert soup.find_all("script") == []
    assert soup.find_all(lambda tag: any(name.startswith("on") for name in tag.attrs)) == []
    assert [one.text for one in soup.select("header .message")] == [EVIL]
    assert [one.text for one in soup.select("header .note")][0] == f"note {EVIL}"
    cells = [cell.text for cell in soup.select("td")]
    assert cells.count(EVIL) == 2
    assert "script" not in answer.headers["content-security-policy"]
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_development_shows_the_cause_and_the_line_but_no_value_and_no_secret() -> None:
    headers = {"cookie": "session=hunter2", "authorization": "Bearer hunter2"}
    answer = await page_of("/chained?token=hunter2&page=2", "development", **headers)
    soup = BeautifulSoup(answer.text, "html.parser")
    assert "LookupError" in soup.h1.text if soup.h1 else pytest.fail("no heading")
    assert [one.text for one in soup.select(".relation")] == ["caused by"]
    lines = [one.text for one in soup.select("pre .current")]
    assert any("raise LookupError" in line for line in lines)
    assert any('int(kept.removeprefix("hunter") + "x")' in line for line in lines)
    # The one place that may have it is the line of the source that says it.
    shown = unescape(answer.text).replace('kept = "hunter2"', "")
    assert "hunter2" not in shown
    assert "2" in [cell.text for cell in soup.select("td")]


async def test_an_error_that_cannot_say_its_message_is_shown_all_the_same() -> None:
    answer = await page_of("/unspeakable", "development")
    assert "its message cannot be shown: ValueError" in answer.text


async def test_a_page_and_data_of_a_failure_say_what_the_request_is_called_in_the_log() -> None:
    page = await page_of("/chained", "production", **{"x-request-id": "abc-123"})
    assert "<code>abc-123</code>" in page.text
    options: dict[str, Any] = {"environment": "production", "http": {"hosts": ["app.test"]}}
    async with client_of(BreakingController, **options) as client:
        data = await client.get("/chained")
    assert data.json()["error"]["request_id"] == data.headers["x-request-id"]


async def test_what_the_application_calls_secret_is_not_on_the_page_of_development() -> None:
    settings = {"log_parameters": ["pin"]}
    async with client_of(BreakingController, environment="development", http=settings) as client:
        answer = await client.get("/chained?pin=hunter2", headers=HTML)
    assert unescape(answer.text).replace('kept = "hunter2"', "").count("hunter2") == 0


@pytest.mark.parametrize("path", ["/chained", "/unspeakable", "/missing", "/nowhere"])
async def test_nothing_of_ours_is_in_a_page_of_production(path: str) -> None:
    answer = await page_of(path, "production")
    for word in ("hunter2", "LookupError", "Traceback", ".py", "Task", "Unspeakable", "velocious"):
        assert word not in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_programs_get_json_and_who_asks_for_text_gets_text() -> None:
    async with client_of(BreakingController, environment="development") as client:
        data = await client.get("/chained", headers={"accept": "application/json"})
        text = await client.get("/chained", headers={"accept": "text/plain"})
    assert data.json()["error"]["message"].startswith("LookupError: There is no such number.")
    assert "Traceback" in data.json()["error"]["traceback"]
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert text.text.startswith("Traceback")


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 422, 429, 500, 503])
async def test_the_application_s_own_page_is_shown_outside_of_development(
    tmp_path: Path, status: int
) -> None:
    from starlette.exceptions import HTTPException

    class RaisingController(Controller):
        async def show(self) -> None:
            raise HTTPException(status, "said so")

    routes = Routes()
    routes.get("/show", to=(RaisingController, "show"))
    (tmp_path / "web").mkdir()
    own = tmp_path / "web" / f"{status}.html"
    for environment in ("production", "development"):
        configuration = Configuration(
            environment_handler=NodeEnvironmentHandler(log=LogSettings(console=False, file=False)),
            environment=environment,
            directory=str(tmp_path),
            databases={"default": "sqlite:///:memory:"},
            http={"hosts": ["shop.test"]},
            routes=routes,
        )
        transport = httpx.ASGITransport(configuration.asgi())
        async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
            own.unlink(missing_ok=True)
            ours = await client.get("/show", headers=HTML)
            own.write_text("<h1>Own</h1>")
            theirs = await client.get("/show", headers=HTML)
        assert ours.status_code == theirs.status_code == status
        assert "said so" in ours.text
        assert ("<h1>Own</h1>" in theirs.text) is (environment == "production")


def test_frames_of_the_application_are_told_from_those_of_libraries(tmp_path: Path) -> None:
    own = tmp_path / "app" / "models" / "task.py"
    library = tmp_path / ".venv" / "lib" / "site-packages" / "thing.py"
    names: dict[str, object] = {}
    for path, text in (
        (library, "def fail():\n    raise KeyError('é' + 'x')\n"),
        (own, "def call(fail):\n    return fail()\n"),
    ):
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        exec(compile(text, str(path), "exec"), names)
    with pytest.raises(KeyError) as caught:
        names["call"](names["fail"])  # type: ignore[operator]
    (problem,) = report(caught.value, str(tmp_path))
    inner, outer = problem.frames[-1], problem.frames[-2]
    assert (inner.is_own, inner.path) == (False, "thing.py")
    assert (outer.is_own, outer.path, outer.line) == (True, "app/models/task.py", 2)
    current = next(line for line in outer.source if line.is_current)
    assert current.marked is not None
    start, end = current.marked
    assert current.text[start:end] == "fail()"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("<h1>Post</h1>\n<p>{{ titel }}</p>\n", 2, "There is no variable &#x27;titel&#x27;"),
        ("<h1>Post</h1>\n{% if post %}\n", 2, "Unexpected end of template"),
    ],
)
async def test_a_broken_template_is_shown_first_with_its_line(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    class PostsController(Controller):
        async def show(self) -> None:
            self.render(title="x")

    template = tmp_path / "app" / "views" / "posts" / "show.html"
    template.parent.mkdir(parents=True)
    routes = Routes()
    routes.get("/show", to=(PostsController, "show"))
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(log=LogSettings(console=False, file=False)),
        environment="development",
        directory=str(tmp_path),
        databases={"default": "sqlite:///:memory:"},
        routes=routes,
    )
    transport = httpx.ASGITransport(configuration.asgi())
    async with (
        configuration,
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        # A file that changes between two failures is read again.
        template.write_text("<p>\n\n{{ other }}\n", encoding="utf-8")
        await client.get("/show", headers=HTML)
        template.write_text(text, encoding="utf-8")
        page = (await client.get("/show", headers=HTML)).text
    assert said in page
    first = page.partition("<h2>Where</h2>")[2].partition("</section>")[0]
    assert f"app/views/posts/show.html:{line}</span>" in first
    marked = escape(text.splitlines()[line - 1])
    assert f'<span class="current"><i>{line}</i>{marked}</span>' in first
