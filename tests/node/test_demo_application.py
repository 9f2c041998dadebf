"""The demo application on the server: its board, its import, its rules."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import json
import time
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.node.application import without_modules_of_applications
from tests.node.demo import Demo
from velocious import current
from velocious.authorization import Ability
from velocious.configuration import Configuration
from velocious.current import Current
from velocious.errors import AccessDeniedError, RecordNotFoundError, ValidationError
from velocious.http_client import HttpAnswer
from velocious.progress import Progress, silent
from velocious_node import NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Iterator
    from pathlib import Path

    from velocious.http_client import HttpRequest
    from velocious.progress import Report

HEADING = "reference,project,name,done,due_on\n"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    cleaning = without_modules_of_applications()
    next(cleaning)
    yield Demo(tmp_path)
    next(cleaning, None)


@asynccontextmanager
async def client_of(configuration: Configuration) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=configuration.asgi())
    async with httpx.AsyncClient(transport=transport, base_url="http://board.test") as client:
        yield client


async def board_with_tasks(demo: Demo, *names: str) -> tuple[Any, int]:
    """The board's functions, and a project that has tasks called *names*."""
    board = demo.module("app.board")
    project = await board.add_project("Apollo")
    for name in names:
        await board.add_task(project["id"], name)
    return board, project["id"]


async def names_of(board: Any, project: int) -> list[str]:
    return [task["name"] for task in (await board.tasks(project))["tasks"]]


# The board


async def test_new_tasks_go_to_the_end_of_their_project(demo: Demo) -> None:
    async with demo.opened():
        board, project = await board_with_tasks(demo, "one", "two", " three ")
        assert await names_of(board, project) == ["one", "two", "three"]


async def test_a_task_can_be_ticked_renamed_and_dated(demo: Demo) -> None:
    async with demo.opened():
        board, project = await board_with_tasks(demo, "one")
        task = (await board.tasks(project))["tasks"][0]
        await board.edit_task(task["id"], done=True, name="uno", due_on="2026-12-24")
        changed = (await board.tasks(project))["tasks"][0]
        assert (changed["done"], changed["name"], changed["due_on"]) == (True, "uno", "2026-12-24")


async def test_a_name_that_validations_refuse_changes_nothing(demo: Demo) -> None:
    async with demo.opened():
        board, project = await board_with_tasks(demo, "one")
        task = (await board.tasks(project))["tasks"][0]
        for name in ("", "   ", "x" * 201, "a\0b"):
            with pytest.raises(ValidationError, match="Name"):
                await board.edit_task(task["id"], name=name)
        assert await names_of(board, project) == ["one"]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({"before": 1}, ["three", "one", "two"]),
        ({"before": 2}, ["one", "three", "two"]),
        ({"first": True}, ["three", "one", "two"]),
        ({}, ["one", "two", "three"]),
    ],
)
async def test_a_task_moves_within_its_project(
    demo: Demo, place: dict[str, Any], expected: list[str]
) -> None:
    async with demo.opened():
        board, project = await board_with_tasks(demo, "one", "two", "three")
        await board.move_task(3, **place)
        assert await names_of(board, project) == expected


async def test_a_task_moves_to_another_project(demo: Demo) -> None:
    async with demo.opened():
        board, project = await board_with_tasks(demo, "one", "two")
        other = (await board.add_project("Gemini"))["id"]
        await board.move_task(1, other)
        assert await names_of(board, project) == ["two"]
        assert await names_of(board, other) == ["one"]
        with pytest.raises(RecordNotFoundError):
            await board.move_task(1, 99)


async def test_a_deleted_task_comes_back_where_it_stood(demo: Demo) -> None:
    async with demo.opened():
        board, project = await board_with_tasks(demo, "one", "two", "three")
        deleted = await board.delete_task(2)
        assert await names_of(board, project) == ["one", "three"]
        await board.restore_task(deleted)
        assert await names_of(board, project) == ["one", "two", "three"]


async def test_a_task_whose_project_is_gone_does_not_come_back(demo: Demo) -> None:
    async with demo.opened():
        board, project = await board_with_tasks(demo, "one")
        deleted = await board.delete_task(1)
        await board.delete_project(project)
        with pytest.raises(RecordNotFoundError, match="Project"):
            await board.restore_task(deleted)


async def test_a_task_that_was_imported_again_meanwhile_comes_back_as_a_copy(demo: Demo) -> None:
    text = HEADING + "1,Apollo,one,no,\n"
    async with demo.opened():
        board = demo.module("app.board")
        await imported(demo, text)
        deleted = await board.delete_task(1)
        await imported(demo, text)
        assert (await board.restore_task(deleted))["reference"] is None
        assert (await board.tasks())["total"] == 2


async def test_deleting_a_project_deletes_its_tasks(demo: Demo) -> None:
    async with demo.opened():
        board, project = await board_with_tasks(demo, "one", "two")
        assert (await board.delete_project(project))["tasks"] == 2
        assert await board.projects() == []
        assert (await board.tasks())["total"] == 0


async def test_projects_say_how_much_there_is_to_do(demo: Demo) -> None:
    async with demo.opened():
        board, project = await board_with_tasks(demo, "one", "two", "three")
        await board.edit_task(1, done=True)
        assert await board.projects() == [
            {"id": project, "name": "Apollo", "tasks": 3, "open": 2, "may": ["update", "destroy"]}
        ]
        assert (await board.tasks(show="open"))["total"] == 2
        assert (await board.tasks(show="done"))["total"] == 1


async def test_search_takes_wildcards_as_they_are(demo: Demo) -> None:
    async with demo.opened():
        board, _ = await board_with_tasks(demo, "100% sure", "100 times", "under_score", "back\\")
        for search, found in (("100%", 1), ("100", 2), ("_", 1), ("\\", 1), ("SURE", 1)):
            assert (await board.tasks(search=search))["total"] == found, search


# The import


async def imported(demo: Demo, text: str) -> Any:
    return await demo.module("app.importing").import_tasks(text, silent())


async def test_the_example_file_is_the_same_each_time(demo: Demo) -> None:
    generate = demo.module("app.db.seeds.generate").generate
    text = generate()
    assert text == generate()
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "00570e4f9f63b8ef"
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == 20_040
    assert len({row["project"] for row in rows}) == 200


async def test_the_seed_imports_twenty_thousand_tasks_and_reports_the_others(
    demo: Demo, capsys: pytest.CaptureFixture[str]
) -> None:
    reports: list[Report] = []
    seed = demo.module("app.db.seed").seed
    async with demo.opened() as configuration:
        began = time.perf_counter()
        await seed(configuration, Progress(reports.append))
        seconds = time.perf_counter() - began
        text = capsys.readouterr().out
        assert "20,000 tasks and 200 projects added" in text
        assert "40 rows refused" in text
        assert "row 502 (line 503): Name is too long (maximum is 200 characters)." in text
        assert "row 1504 (line 1506): Due on cannot be stored: '2026-02-30'" in text
        assert "holds a NUL character" in text
        assert reports[-1].finished
        assert reports[-1].done == reports[-1].total == 20_040
        assert seconds < 10, "a seed of 20,000 rows takes about half a second"

        await seed(configuration, silent())
        assert "0 tasks and 0 projects added, 20,000 were there already" in capsys.readouterr().out
        assert await demo.module("app.models.task").Task.count() == 20_000


async def test_awkward_names_arrive_as_they_were_written(demo: Demo) -> None:
    welcome = demo.module("app.db.seeds.awkward").WELCOME
    written = io.StringIO(newline="")
    csv.writer(written).writerows([["project", "name"], *(("Awkward", name) for name in welcome)])
    async with demo.opened():
        report = await imported(demo, written.getvalue())
        assert (report.added, report.refused) == (len(welcome), [])
        assert await demo.module("app.models.task").Task.order("id").pluck("name") == list(welcome)


async def test_each_bad_row_is_reported_with_its_place_and_reason(demo: Demo) -> None:
    text = HEADING + (
        "1,Apollo,good,no,\n"
        '2,Apollo,"two\nlines",yes,2026-01-31\n'
        "3,Apollo,,no,\n"
        "4,Apollo,too,few\n"
        '5,Apollo,"bad"quote,no,\n'
        "6,Apollo,maybe done,perhaps,\n"
        ",,no project,no,\n"
        "1,Apollo,same reference,no,\n"
        '9,Apollo,"never closed,no,\n'
        "10,Apollo,last,no,\n"
    )
    async with demo.opened():
        report = await imported(demo, text)
        assert report.added == 3
        assert [(one.row, one.line, one.reason.split(".")[0][:40]) for one in report.refused] == [
            (4, 5, "Name can't be blank"),
            (5, 6, "It has 4 fields, but the heading names 5"),
            (6, 7, "A quote inside a quoted field is not dou"),
            (7, 8, "Done cannot be stored: 'perhaps' does no"),
            (8, 9, "It has no possible project: Name can't b"),
            (9, 10, "Its reference '1' is that of row 2, too"),
            (10, 11, "A quote is opened and never closed"),
        ]


async def test_rows_without_a_reference_are_not_imported_twice(demo: Demo) -> None:
    async with demo.opened():
        for expected in ((2, 0), (0, 2)):
            report = await imported(
                demo, "\ufeffName,Project,Colour\none,Apollo,red\ntwo,Apollo,\n"
            )
            assert (report.added, report.present) == expected
            assert report.ignored == ["colour"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "it is empty"),
        ("name,projet\na,b\n", "Did you mean 'projet'"),
        ('"name,project\n', "never closed"),
    ],
)
async def test_a_file_without_the_needed_columns_says_which(
    demo: Demo, text: str, problem: str
) -> None:
    error = demo.module("app.importing.heading").ImportFormatError
    async with demo.opened():
        with pytest.raises(error, match=problem):
            await imported(demo, text)


# The board of a page, whose records are on the server


class ServerHome:
    """What a page's worker has: the same models, whose rows are behind the server's resources."""

    def __init__(self, demo: Demo, server: Configuration, client: httpx.AsyncClient) -> None:
        self.requests: list[dict[str, Any]] = []
        self._server = server
        self._client = client
        self._people = demo.module("app.people")
        names = ("task", "project")
        resources = [demo.module(f"app.resources.{name}_resource") for name in names]
        self._resources = [resources[0].TaskResource, resources[1].ProjectResource]
        self.configuration = Configuration(
            environment_handler=NodeEnvironmentHandler(),
            models=[resource.model for resource in self._resources],
            databases={"default": {"backend": "http://board.test", "request": self._send}},
        )

    async def sign_in(self, person: str) -> None:
        assert (await self._client.put("/person", json={"person": person})).status_code == 200

    @contextmanager
    def here(self, person: str = "ada") -> Generator[None]:
        """A block whose records are the server's, with the rules of *person* at hand."""
        ability = Ability(user=self._people.PEOPLE[person], resources=self._resources)
        with current.use(self.configuration), Current.with_ability(ability):
            yield

    async def _send(self, request: HttpRequest) -> HttpAnswer:
        self.requests.append(json.loads(request.body))
        with current.use(self._server), Current.with_ability(None):
            answer = await self._client.request(
                request.method, request.url, headers=request.headers, content=request.body
            )
        return HttpAnswer(answer.status_code, dict(answer.headers), answer.content)


@asynccontextmanager
async def home_of(demo: Demo) -> AsyncGenerator[tuple[Any, ServerHome]]:
    """The board's functions, and the server as their home."""
    async with demo.opened() as configuration, client_of(configuration) as client:
        yield demo.module("app.board"), ServerHome(demo, configuration, client)


async def test_the_same_functions_work_on_the_server_s_records(demo: Demo) -> None:
    async with home_of(demo) as (board, home):
        with home.here():
            project = await board.add_project(" Apollo ")
            for name in ("one", "two", "100% sure"):
                added = await board.add_task(project["id"], name, "2026-12-24")
            assert (added["position"], added["due_on"]) == (3, "2026-12-24")
            assert (await board.edit_task(1, done=True, name="uno"))["name"] == "uno"
            assert await names_of(board, 1) == ["uno", "two", "100% sure"]
            await board.move_task(3, before=1)
            assert await names_of(board, 1) == ["100% sure", "uno", "two"]
            assert (await board.tasks(search="0%"))["total"] == 1
            assert (await board.tasks(show="done"))["total"] == 1
            deleted = await board.delete_task(2)
            assert await names_of(board, 1) == ["100% sure", "uno"]
            await board.restore_task(deleted)
            assert await names_of(board, 1) == ["100% sure", "uno", "two"]
            (known,) = await board.projects()
            assert (known["tasks"], known["open"]) == (3, 2)
            assert (await board.rename_project(1, "Gemini"))["name"] == "Gemini"
            with pytest.raises(ValidationError, match="Name can't be blank"):
                await board.edit_task(1, name=" ")
            with pytest.raises(RecordNotFoundError):
                await board.move_task(1, project=99)
        # The rows are in the database of the server.
        assert await names_of(board, 1) == ["100% sure", "uno", "two"]
        with home.here():
            await board.delete_project(1)
            assert (await board.view())["window"]["total"] == 0


async def test_opening_the_board_takes_one_request(demo: Demo) -> None:
    async with home_of(demo) as (board, home):
        await board_with_tasks(demo, "one", "two")
        with home.here():
            await board.view()
            home.requests.clear()
            view = await board.view(project=1, show="open", search="o", limit=10)
        assert [task["name"] for task in view["window"]["tasks"]] == ["one", "two"]
        assert [len(one["requests"]) for one in home.requests] == [4]


async def test_records_of_both_homes_are_read_side_by_side(demo: Demo) -> None:
    """A page answers an offline page, or a command, while it waits for the server."""
    async with home_of(demo) as (board, home):
        _, project = await board_with_tasks(demo, "one", "two")
        task = demo.module("app.models.task").Task
        here = await task.find(1)
        with home.here():
            there = await task.find(1)

        async def at_the_server() -> list[str]:
            with home.here():
                return await names_of(board, project)

        for names in await asyncio.gather(
            *(at_the_server() if number % 2 else names_of(board, project) for number in range(20))
        ):
            assert names == ["one", "two"]
        await here.update(due_on="2026-12-24")
        assert (here.done, there.done, there.due_on) == (False, False, None)
        with home.here():
            assert (await there.reload()).due_on == date(2026, 12, 24)


async def test_ben_may_add_and_tick_and_hears_why_he_may_not_do_more(demo: Demo) -> None:
    async with home_of(demo) as (board, home):
        await board_with_tasks(demo, "one", "two")
        await home.sign_in("ben")
        with home.here("ben"):
            added = await board.add_task(1, "three")
            assert added["may"] == ["tick", "update", "move"]
            ticked = await board.edit_task(1, done=True)
            assert (ticked["done"], ticked["may"]) == (True, [])
            for refused in (
                board.edit_task(1, done=False),
                board.edit_task(1, name="uno"),
                board.move_task(1, first=True),
            ):
                with pytest.raises(AccessDeniedError, match="a task that is done. Ada may"):
                    await refused
            with pytest.raises(AccessDeniedError, match="Ben may not delete tasks. Ada may."):
                await board.delete_task(2)
            with pytest.raises(AccessDeniedError, match="Ben may not rename projects"):
                await board.rename_project(1, "Gemini")
            with pytest.raises(AccessDeniedError, match="Ben may not delete projects"):
                await board.delete_project(1)
            assert [one["may"] for one in await board.projects()] == [[]]
        assert await names_of(board, 1) == ["one", "two", "three"]
        await home.sign_in("ada")
        with home.here():
            assert (await board.edit_task(1, done=False))["done"] is False
            assert (await board.delete_task(2))["name"] == "two"


async def test_what_a_page_takes_somebody_for_does_not_count(demo: Demo) -> None:
    async with home_of(demo) as (board, home):
        await board_with_tasks(demo, "one")
        await home.sign_in("ben")
        with home.here("ada"), pytest.raises(AccessDeniedError, match="Ben may not delete"):
            await board.delete_task(1)
        assert (await board.tasks())["total"] == 1


async def test_the_session_says_who_somebody_is(demo: Demo) -> None:
    async with demo.opened() as configuration, client_of(configuration) as client:
        said = (await client.get("/person")).json()
        assert said["person"] == "ada"
        assert [one["name"] for one in said["people"]] == ["Ada", "Ben"]
        assert (await client.put("/person", json={"person": "ben"})).json()["person"] == "ben"
        assert (await client.get("/person")).json()["person"] == "ben"
        answer = await client.put("/person", json={"person": "bem"})
        assert (answer.status_code, "'ben'" in answer.text) == (400, True)


# The board as pages

HTML = {"accept": "text/html"}


async def test_a_page_of_the_board_that_is_too_far_is_the_last_one(demo: Demo) -> None:
    async with demo.opened() as configuration, client_of(configuration) as client:
        _, project = await board_with_tasks(demo, *(f"task {number}" for number in range(45)))
        for far in (4, 99_999, 10**30):
            answer = await client.get("/board", params={"project": project, "page": far})
            assert (answer.status_code, "3 of 3" in answer.text) == (200, True)
            assert "task 44" in answer.text


async def test_a_project_that_is_gone_leads_back_to_the_board(demo: Demo) -> None:
    async with demo.opened() as configuration, client_of(configuration) as client:
        answer = await client.get("/board?project=99", headers=HTML)
        assert (answer.status_code, answer.headers["location"]) == (302, "/board")
        assert "Somebody deleted it meanwhile." in (await client.get("/board")).text
        assert (await client.get(f"/board?project={10**30}", headers=HTML)).status_code == 422


async def test_what_was_typed_stays_in_a_form_that_is_refused(demo: Demo) -> None:
    async with demo.opened() as configuration, client_of(configuration) as client:
        board, project = await board_with_tasks(demo, "one")
        other = await board.add_project("Gemini")
        task = (await board.tasks(project))["tasks"][0]["id"]
        sent = {"name": " ", "due_on": "2027-03-01", "project_id": other["id"]}
        data = {f"task[{name}]": str(value) for name, value in sent.items()}
        answer = await client.patch(f"/board/tasks/{task}", data=data)
        assert (answer.status_code, "Name can&#39;t be blank" in answer.text) == (422, True)
        assert 'value="2027-03-01"' in answer.text
        assert f'<option value="{other["id"]}" selected>' in answer.text


async def test_a_project_is_deleted_only_after_a_second_look(demo: Demo) -> None:
    async with demo.opened() as configuration, client_of(configuration) as client:
        board, project = await board_with_tasks(demo, "one", "two")
        form = (await client.get(f"/board/projects/{project}/edit")).text
        before, _, folded = form.partition("<details")
        assert "Delete the project" not in before
        assert "2 tasks go with it. That cannot be taken back." in folded
        assert "Delete the project and its tasks" in folded
        answer = await client.delete(f"/board/projects/{project}")
        assert (answer.status_code, await board.projects()) == (303, [])


async def test_the_pages_follow_the_rules_too(demo: Demo) -> None:
    async with demo.opened() as configuration, client_of(configuration) as client:
        board, _ = await board_with_tasks(demo, "one")
        await client.put("/person", json={"person": "ben"})
        client.headers["sec-fetch-site"] = "same-origin"
        assert (await client.delete("/board/tasks/1")).status_code == 303
        assert "Ben may not delete tasks. Ada may." in (await client.get("/board")).text
        toggled = await client.post("/board/tasks/1/toggle", data={"done": "true"})
        assert toggled.status_code == 303, toggled.text
        await client.patch("/board/tasks/1", data={"task[name]": "uno", "task[project_id]": "1"})
        (task,) = (await board.tasks())["tasks"]
        assert (task["name"], task["done"]) == ("one", True)
