"""The authorization endpoint beside a socket."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

import pytest

from velocious.controller import Controller
from velocious.realtime import Admit, Channel, Identity
from velocious.routing import Routes
from velocious.testing.client import Client

if TYPE_CHECKING:
    from velocious.realtime import Connection, Member, Upgrade
    from velocious.testing.environment import TestEnvironment

SECRET = "a secret that nobody knows, of more than 32 characters"
CHANNELS = "another secret, for channels"


class BoardChannel(Channel):
    pattern = "private-board.{id}"

    async def authorize(self) -> bool:
        return self.user == "ann" and self.params["id"] == "1"


class RoomChannel(Channel):
    pattern = "presence-room.{id}"

    async def authorize(self) -> bool | Member:
        return self.user is not None


class BrokenChannel(Channel):
    pattern = "private-broken"

    async def authorize(self) -> bool:
        raise ArithmeticError("a secret detail")


class SignInController(Controller):
    async def create(self) -> None:
        self.session["name"] = self.params["name"]
        self.head(204)


async def by_session(request: Upgrade) -> Admit:
    name = (await request.session())["name"]
    return Admit(Identity(name, info={"name": name}) if name else None)


async def by_token(_: Connection, credentials: dict[str, Any]) -> Identity | None:
    return Identity("ann") if credentials.get("token") == "token of ann" else None


def application(environment: TestEnvironment, **options: Any) -> Any:
    routes = Routes()
    routes.post("/sign-in", to=(SignInController, "create"))
    entrance: dict[str, Any] = {"upgrade": by_session, **options.pop("entrance", {})}
    routes.realtime("/realtime", on="both", **entrance)
    channels = [BoardChannel, RoomChannel, BrokenChannel]
    settings: dict[str, Any] = {"secret": SECRET, "realtime": {"secret": CHANNELS}, **options}
    return environment.application(routes=routes, channels=channels, **settings)


def signature(text: str) -> str:
    return hmac.new(CHANNELS.encode(), text.encode(), hashlib.sha256).hexdigest()


async def signed_in(configuration: Any, name: str = "ann") -> Client:
    client = Client(configuration)
    await client.post("/sign-in", form={"name": name})
    return client


async def test_signs_for_a_connection_and_a_channel(environment: TestEnvironment) -> None:
    async with application(environment) as configuration:
        client = await signed_in(configuration)
        body = {"socketId": "1234.5678", "channel": "private-board.1"}
        answer = await client.post("/realtime/auth", json=body)
        answer.assert_status(200)
        expected = signature("1234.5678:private-board.1")
        assert answer.json() == {"auth": f"1234.5678:{expected}"}
        assert answer.headers["cache-control"] == "no-store"
        form = {"socket_id": "1234.5678", "channel_name": "private-board.1"}
        assert (await client.post("/realtime/auth", form=form)).json() == answer.json()


async def test_signs_who_the_member_of_a_presence_channel_is(environment: TestEnvironment) -> None:
    async with application(environment) as configuration:
        client = await signed_in(configuration)
        body = {"socketId": "s", "channel": "presence-room.1", "member": {"id": "somebody else"}}
        answer = (await client.post("/realtime/auth", json=body)).json()
        member = '{"id":"ann","info":{"name":"ann"}}'
        assert answer["channel_data"] == member
        assert answer["auth"] == "s:" + signature(f"s:presence-room.1:{member}")
        form = {"socket_id": "s", "channel_name": "presence-room.1"}
        classic = (await client.post("/realtime/auth", form=form)).json()
        assert json.loads(classic["channel_data"]) == {
            "user_id": "ann",
            "user_info": {"name": "ann"},
        }


async def test_signs_for_no_encrypted_channel_of_pushers_clients(
    environment: TestEnvironment,
) -> None:
    async with application(environment) as configuration:
        client = await signed_in(configuration)
        form = {"socket_id": "1234.5678", "channel_name": "private-encrypted-plans"}
        answer = await client.post("/realtime/auth", form=form)
        answer.assert_status(400)
        assert "would not be encrypted" in answer.json()["error"]


async def test_what_was_signed_opens_the_channel_for_that_connection_alone(
    environment: TestEnvironment,
) -> None:
    async with application(environment) as configuration:
        client, stranger = await signed_in(configuration), Client(configuration)
        async with stranger.socket("/realtime") as first, stranger.socket("/realtime") as second:
            ids = [(await one.hears("hello"))["cid"] for one in (first, second)]
            body = {"socketId": ids[0], "channel": "private-board.1"}
            token = (await client.post("/realtime/auth", json=body)).json()["auth"]
            for one in (first, second):
                await one.says(type="sub", ch="private-board.1", token=token)
            await first.hears("sub.ok")
            assert (await second.hears("error"))["code"] == "forbidden"


@pytest.mark.parametrize(
    ("channel", "status"),
    [
        ("board:1", 200),
        ("private-board.2", 403),
        ("private-unknown", 403),
        ("private-broken", 500),
        ("private-a:b", 400),
        ("ws:all", 400),
    ],
)
async def test_says_no_in_few_words(
    environment: TestEnvironment, channel: str, status: int
) -> None:
    async with application(environment) as configuration:
        client = await signed_in(configuration)
        answer = await client.post("/realtime/auth", json={"socketId": "s", "channel": channel})
        answer.assert_status(status)
        if status == 200:
            assert answer.json() == {"auth": None}
        else:
            assert list(answer.json()) == ["error"]
            assert "detail" not in answer.json()["error"]


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({}, ["socketId", "channel"]),
        ({"socketId": "", "channel": "a"}, ["socketId"]),
        ({"socketId": 5, "channel": "a"}, ["socketId"]),
        ({"socketId": "s", "channel": 5}, ["channel"]),
        ({"socketId": "s", "channel": ["a", 5]}, ["channel"]),
        ({"socketId": "s", "channel": ["a"] * 200}, ["channel"]),
        ({"socket_id": "s"}, ["channel_name"]),
    ],
)
async def test_names_what_is_wrong_with_a_request(
    environment: TestEnvironment, body: dict[str, Any], paths: list[str]
) -> None:
    async with application(environment) as configuration:
        answer = await Client(configuration).post("/realtime/auth", json=body)
        answer.assert_status(400)
        assert answer.json()["error"] == "Validation failed"
        assert [one["path"] for one in answer.json()["details"]] == paths


async def test_a_batch_has_an_answer_for_each_channel(environment: TestEnvironment) -> None:
    async with application(environment) as configuration:
        client = await signed_in(configuration)
        names = ["private-board.1", "private-board.2", "news"]
        body = {"socketId": "s", "channels": names}
        answer = (await client.post("/realtime/auth", json=body)).json()
        assert {name: one["status"] for name, one in answer.items()} == {
            "private-board.1": 200,
            "private-board.2": 403,
            "news": 200,
        }
        assert answer["private-board.1"]["data"]["auth"].startswith("s:")
        assert answer["private-board.2"]["error"] == "You may not listen here."
        text = "socket_id=s&channel_name[0]=private-board.1&channel_name[1]=news"
        kind = {"content-type": "application/x-www-form-urlencoded"}
        form = (await client.post("/realtime/auth", body=text, headers=kind)).json()
        assert [one["status"] for one in form.values()] == [200, 200]


async def test_a_bearer_token_says_who_asks(environment: TestEnvironment) -> None:
    entrance = {"upgrade": None, "authenticate": by_token}
    async with application(environment, entrance=entrance) as configuration:
        client = Client(configuration)
        body = {"socketId": "s", "channel": "private-board.1"}
        for token, status in (("token of ann", 200), ("another", 403), ("", 403)):
            headers = {"authorization": f"Bearer {token}"}
            answer = await client.post("/realtime/auth", json=body, headers=headers)
            answer.assert_status(status)


async def test_nobody_signs_for_the_connection_of_somebody_else(
    environment: TestEnvironment,
) -> None:
    async with application(environment) as configuration:
        ann, bob = await signed_in(configuration), await signed_in(configuration, "bob")
        async with bob.socket("/realtime") as socket:
            id = (await socket.hears("hello"))["cid"]
            await socket.hears("ready")
            body = {"socketId": id, "channel": "private-board.1"}
            (await ann.post("/realtime/auth", json=body)).assert_status(403)


async def test_pages_of_other_sites_get_no_signature(environment: TestEnvironment) -> None:
    async with application(environment) as configuration:
        client = await signed_in(configuration)
        body = {"socketId": "s", "channel": "private-board.1"}
        for headers in (
            {"origin": "https://evil.test"},
            {"sec-fetch-site": "cross-site", "origin": "https://evil.test"},
        ):
            answer = await client.post("/realtime/auth", json=body, headers=headers)
            answer.assert_status(403)
        form = {"socket_id": "s", "channel_name": "private-board.1"}
        headers = {"sec-fetch-site": None}
        (await client.post("/realtime/auth", form=form, headers=headers)).assert_status(403)


async def test_other_addresses_and_methods_are_not_there(environment: TestEnvironment) -> None:
    async with application(environment) as configuration:
        client = Client(configuration)
        (await client.get("/realtime/nothing")).assert_status(404)
        answer = await client.get("/realtime/auth")
        answer.assert_status(405)
        assert answer.headers["allow"] == "OPTIONS, POST"
        (await client.get("/realtime")).assert_status(426)
