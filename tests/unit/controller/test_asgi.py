"""The application as an ASGI server sees it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from starlette.responses import StreamingResponse

from velocious.configuration import Configuration
from velocious.controller import Controller
from velocious.errors import CurrentConfigurationNotSetError
from velocious.routing import Routes
from velocious_node import LogSettings, NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


class StreamsController(Controller):
    async def half(self) -> StreamingResponse:
        async def pieces() -> AsyncGenerator[bytes]:
            yield b"one"
            raise ArithmeticError("no two")

        return StreamingResponse(pieces())

    async def read(self) -> None:
        self.render(json=self.params)


def configuration(directory: str | None = None) -> Configuration:
    routes = Routes()
    routes.get("/half", to=(StreamsController, "half"))
    routes.post("/read", to=(StreamsController, "read"))
    return Configuration(
        environment_handler=NodeEnvironmentHandler(log=LogSettings(console=False, file=False)),
        environment="test",
        directory=directory,
        databases={"default": "sqlite:///:memory:"},
        routes=routes,
    )


class Exchange:
    """What a server says to the application, and what it hears."""

    def __init__(self, *said: dict[str, Any]) -> None:
        self._said = list(said)
        self.heard: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        return self._said.pop(0)

    async def send(self, message: Any) -> None:
        self.heard.append(message)

    @property
    def kinds(self) -> list[str]:
        return [message["type"] for message in self.heard]


def scope(method: str, path: str, **more: Any) -> dict[str, Any]:
    headers = [(b"content-type", b"application/json")]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": headers,
        "server": ("app.test", 80),
        **more,
    }


async def test_the_lifespan_opens_and_closes_the_configuration() -> None:
    made = configuration()
    exchange = Exchange({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})
    current_during: list[Configuration] = []

    async def send(message: Any) -> None:
        await exchange.send(message)
        if message["type"] == "lifespan.startup.complete":
            current_during.append(Configuration.current())

    await made.asgi()({"type": "lifespan", "state": {}}, exchange.receive, send)
    assert exchange.kinds == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert current_during == [made]
    with pytest.raises(CurrentConfigurationNotSetError):
        Configuration.current()


async def test_an_answer_that_breaks_off_is_not_finished_as_if_it_were_whole(
    caplog: pytest.LogCaptureFixture,
) -> None:
    exchange = Exchange()
    async with configuration() as made:
        with pytest.raises(ArithmeticError, match="no two"):
            await made.asgi()(scope("GET", "/half"), exchange.receive, exchange.send)
    assert exchange.kinds == ["http.response.start", "http.response.body"]
    assert exchange.heard[-1] == {"type": "http.response.body", "body": b"one", "more_body": True}
    assert "GET /half failed" in [record.getMessage() for record in caplog.records]


async def test_a_client_that_leaves_while_it_sends_is_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    exchange = Exchange(
        {"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}
    )
    async with configuration() as made:
        await made.asgi()(scope("POST", "/read"), exchange.receive, exchange.send)
    assert exchange.heard[0]["status"] == 499
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize(("path", "status"), [("/shop/read", 200), ("/shopread", 404)])
async def test_it_can_live_below_a_path(path: str, status: int) -> None:
    exchange = Exchange({"type": "http.request", "body": b"{}", "more_body": False})
    async with configuration() as made:
        asked = scope("POST", path, root_path="/shop")
        await made.asgi()(asked, exchange.receive, exchange.send)
    assert exchange.heard[0]["status"] == status


async def test_websockets_are_refused_until_something_answers_them() -> None:
    exchange = Exchange()
    async with configuration() as made:
        asked = {**scope("GET", "/read"), "type": "websocket"}
        await made.asgi()(asked, exchange.receive, exchange.send)
    assert exchange.kinds == ["websocket.close"]
