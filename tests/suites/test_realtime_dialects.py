"""Dialects as an application draws them: by name, for its channels, with its pages behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from velocious.controller import Controller
from velocious.errors import ConfigurationError
from velocious.realtime import Admit, Channel, Identity
from velocious.realtime.dialects.named import HOMES
from velocious.routing import Routes
from velocious.testing.client import Client

if TYPE_CHECKING:
    from velocious.realtime import Upgrade
    from velocious.testing.environment import TestEnvironment

SECRET = "a secret that nobody knows, of more than 32 characters"


class BoardChannel(Channel):
    pattern = "board:{id}"


class PagesController(Controller):
    async def sign_in(self) -> None:
        self.session["name"] = self.params["name"]
        self.head(204)

    async def show(self) -> None:
        self.render(json={"name": self.session["name"], "id": self.params["id"]})

    async def create(self) -> None:
        self.render(json={"made": self.params["text"]}, status=201)


async def by_session(request: Upgrade) -> Admit:
    return Admit(Identity((await request.session())["name"]))


def application(environment: TestEnvironment, *dialects: str, **entrance: Any) -> Any:
    routes = Routes()
    routes.post("/sign-in", to=(PagesController, "sign_in"))
    routes.get("/pages/{id}", to=(PagesController, "show"))
    routes.post("/pages", to=(PagesController, "create"))
    routes.realtime("/realtime", dialects=dialects, on="both", **entrance)
    return environment.application(secret=SECRET, channels=[BoardChannel], routes=routes)


@pytest.mark.parametrize("name", HOMES)
async def test_every_dialect_has_a_name(environment: TestEnvironment, name: str) -> None:
    async with application(environment, name) as configuration:
        async with Client(configuration).socket("/realtime") as socket:
            assert socket.refused is None


async def test_a_misspelt_dialect_stops_the_start(environment: TestEnvironment) -> None:
    with pytest.raises(ConfigurationError, match="actioncable"):
        async with application(environment, "actoncable") as configuration:
            configuration.asgi()


async def test_clients_name_the_classes_of_the_application(environment: TestEnvironment) -> None:
    async with application(environment, "native", "actioncable") as configuration:
        offered = ["actioncable-v1-json", "actioncable-unsupported"]
        async with Client(configuration).socket("/realtime", subprotocols=offered) as socket:
            assert socket.subprotocol == "actioncable-v1-json"
            identifier = '{"channel":"BoardChannel","id":1}'
            await socket.says(command="subscribe", identifier=identifier)
            assert (await socket.hears("confirm_subscription"))["identifier"] == identifier
            await configuration.channels.publish("board:1", "message", "moved")


async def test_requests_through_a_socket_are_requests_of_the_visitor(
    environment: TestEnvironment,
) -> None:
    rules: dict[str, Any] = {"requests": True, "upgrade": by_session}
    async with application(environment, "velocious", **rules) as configuration:
        client = Client(configuration)
        await client.post("/sign-in", form={"name": "ann"})
        async with client.socket("/realtime") as ann:
            await ann.hears("session-established")
            await ann.says(type="request", id="ws-1", method="GET", path="/pages/7?a=1")
            answer = await ann.hears("response")
            assert (answer["id"], answer["statusCode"]) == ("ws-1", 200)
            assert answer["body"] == '{"name":"ann","id":"7"}'
            await ann.says(type="request", id=2, method="GET", path="/nowhere")
            assert (await ann.hears("response"))["statusCode"] == 404
            body = {"text": "ü"}
            await ann.says(type="request", id=3, method="POST", path="/pages", body=body)
            answer = await ann.hears("response")
            assert (answer["statusCode"], answer["body"]) == (201, '{"made":"ü"}')


async def test_a_socket_takes_no_requests_where_its_entrance_does_not_say_so(
    environment: TestEnvironment,
) -> None:
    async with application(environment, "velocious") as configuration:
        async with Client(configuration).socket("/realtime") as ann:
            await ann.says(type="request", id=1, method="GET", path="/pages/7")
            assert (await ann.hears("error"))["code"] == "no_requests"
