"""How commands get to a backend, and what happens where they do not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.homes import ADDRESS, backend_application, served
from tests.suites.models import Account, Task
from velocious import current
from velocious.errors import (
    BackendAnswerError,
    BackendUnreachableError,
    CommandRefusedError,
    ConfigurationError,
    UnknownOptionError,
)
from velocious.http_client import HttpAnswer
from velocious.testing.realtime import settle

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.suites.homes import InProcess
    from velocious.http_client import HttpRequest
    from velocious.testing.environment import TestEnvironment


class Trouble:
    """A road on which things happen: each of *events*, then the way is free.

    Attributes:
        asked: the requests that were to be sent.
    """

    def __init__(self, road: InProcess) -> None:
        self.events: list[Any] = []
        self.asked: list[HttpRequest] = []
        self._road = road

    async def __call__(self, request: HttpRequest) -> HttpAnswer:
        self.asked.append(request)
        event = self.events.pop(0) if self.events else None
        if isinstance(event, Exception):
            raise event
        if isinstance(event, HttpAnswer):
            return event
        if event is not None:
            await event.wait()
        return await self._road(request)


@pytest.fixture
async def trouble(sqlite_environment: TestEnvironment) -> AsyncIterator[Trouble]:
    async with backend_application(sqlite_environment) as (client, backend, road):
        made = Trouble(road)
        client.remote("Task", "Account", backend=ADDRESS, request=made, retries=2)
        assert backend is not client.backends[ADDRESS]
        await Task.load_schema()
        made.asked.clear()
        yield made


def silence(*, sent: bool) -> BackendUnreachableError:
    return BackendUnreachableError(ADDRESS, "the cable is cut", sent=sent)


async def test_a_question_is_asked_again_where_no_answer_came(trouble: Trouble) -> None:
    trouble.events = [silence(sent=True), silence(sent=False)]
    assert await Task.count() == 0
    assert len(trouble.asked) == 3


async def test_who_gives_no_answer_three_times_is_not_there(trouble: Trouble) -> None:
    trouble.events = [silence(sent=True)] * 3
    with pytest.raises(BackendUnreachableError, match="cable"):
        await Task.count()


async def test_what_may_have_been_done_is_not_sent_again(trouble: Trouble) -> None:
    trouble.events = [silence(sent=True)]
    with pytest.raises(BackendUnreachableError, match="Nobody knows whether it was done"):
        await Task.create(name="once")
    assert len(trouble.asked) == 1
    trouble.events = [silence(sent=False)]
    await Task.create(name="it never left")
    assert await Task.pluck("name") == ["it never left"]


async def test_of_a_batch_the_questions_alone_are_sent_again(trouble: Trouble) -> None:
    trouble.events = [silence(sent=True)]
    answers = await asyncio.gather(Task.create(name="a"), Task.count(), return_exceptions=True)
    assert isinstance(answers[0], BackendUnreachableError)
    assert answers[1] == 0


async def test_who_is_cancelled_before_the_turn_ends_asks_nothing(trouble: Trouble) -> None:
    task = asyncio.ensure_future(Task.count())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert trouble.asked == []


async def test_a_request_that_nobody_waits_for_is_given_up(trouble: Trouble) -> None:
    never = asyncio.Event()
    trouble.events = [never]
    task = asyncio.ensure_future(Task.count())
    await settle()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await settle()
    assert not current.configuration().backends[ADDRESS].transport.is_busy


async def test_one_who_goes_away_takes_no_other_s_answer_along(trouble: Trouble) -> None:
    gate = asyncio.Event()
    trouble.events = [gate]
    first, second = (asyncio.ensure_future(Task.count()) for _ in range(2))
    await settle()
    first.cancel()
    gate.set()
    assert await second == 0


async def test_a_page_in_place_of_an_answer_is_named(trouble: Trouble) -> None:
    trouble.events = [HttpAnswer(200, {"content-type": "text/html"}, b"<h1>Welcome</h1>")]
    with pytest.raises(BackendAnswerError, match="text/html"):
        await Task.count()
    json = {"content-type": "application/json"}
    trouble.events = [HttpAnswer(200, json, b"{")]
    with pytest.raises(BackendAnswerError, match="JSON"):
        await Task.count()
    trouble.events = [HttpAnswer(200, json, b'{"status":"success","responses":[]}')]
    with pytest.raises(BackendAnswerError, match="says nothing to count of Task"):
        await Task.count()


async def test_a_refusal_of_all_is_one_of_each(trouble: Trouble) -> None:
    body = b'{"error":{"code":"host_not_allowed","message":"Not here."}}'
    trouble.events = [HttpAnswer(421, {"content-type": "application/json"}, body)]
    with pytest.raises(CommandRefusedError, match=r"Not here\.") as caught:
        await Task.count()
    assert caught.value.refusal == "host_not_allowed"


async def test_a_server_that_is_about_to_go_is_asked_again(trouble: Trouble) -> None:
    trouble.events = [HttpAnswer(503, {}, b"")]
    assert await Task.count() == 0


async def test_more_commands_than_a_batch_takes_are_several_requests(trouble: Trouble) -> None:
    await asyncio.gather(*(Task.count() for _ in range(120)))
    assert len(trouble.asked) == 3


async def test_address_prefix_and_headers_may_be_functions(
    sqlite_environment: TestEnvironment,
) -> None:
    tokens = iter(["one", "two", "three"])

    async def headers() -> dict[str, str]:
        return {"authorization": f"Bearer {next(tokens)}"}

    settings = {
        "backend": lambda: f"{ADDRESS}/",
        "prefix": lambda: "api/",
        "path": "/frontend-models",
        "headers": headers,
    }
    async with backend_application(
        sqlite_environment, settings=settings, frontend_models={"path": "/api/frontend-models"}
    ) as (_, _, road):
        await Account.count()
        await Account.count()
    assert {one.url for one in road.requests} == {f"{ADDRESS}/api/frontend-models"}
    sent = [one.headers["authorization"] for one in road.requests]
    assert sent == ["Bearer one", "Bearer two", "Bearer three"]


async def test_a_start_does_not_wait_for_a_backend_that_is_away(
    sqlite_environment: TestEnvironment,
) -> None:
    async def nobody(_: HttpRequest) -> HttpAnswer:
        raise silence(sent=False)

    given = {"backend": ADDRESS, "request": nobody, "retries": 0}
    async with sqlite_environment.client(models=[Task], databases={"default": given}):
        with pytest.raises(BackendUnreachableError):
            await Task.count()


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"backend": "ftp://example.com"}, ConfigurationError),
        ({"backend": 5}, ConfigurationError),
        ({"backend": ADDRESS, "heders": {}}, UnknownOptionError),
        ({"backend": ADDRESS, "credentials": "all"}, ConfigurationError),
        ({"backend": ADDRESS, "timeout": 0}, ConfigurationError),
        ({"backend": ADDRESS, "path": "frontend-models"}, ConfigurationError),
    ],
    ids=["scheme", "number", "misspelt", "credentials", "timeout", "path"],
)
async def test_settings_that_make_no_sense_stop_the_start(
    sqlite_environment: TestEnvironment, given: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        async with sqlite_environment.client(databases={"default": given}):
            raise AssertionError("it started")


async def test_a_model_is_remote_by_its_name_alone(sqlite_environment: TestEnvironment) -> None:
    async with backend_application(sqlite_environment) as (_, _, road):
        local = {"default": "sqlite:///:memory:"}
        async with sqlite_environment.client(databases=local) as mixed:
            mixed.remote("Task", backend=ADDRESS, request=road)
            with current.use(road.server):
                await served.Task.create(name="far")
            assert await Task.pluck("name") == ["far"]
            with pytest.raises(ConfigurationError, match="no backend"):
                mixed.remote("Task", backend="elsewhere")


async def test_the_configuration_knows_backends_beside_databases(
    sqlite_environment: TestEnvironment,
) -> None:
    given: Any = {"default": "sqlite:///:memory:", "shop": {"backend": ADDRESS}}
    async with sqlite_environment.client(databases=given) as client:
        assert list(client.databases) == ["default"]
        assert list(client.backends) == ["shop"]
        assert client.database("shop") is client.backends["shop"]
