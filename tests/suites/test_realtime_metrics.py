"""What those who watch an application are told about its connections, and what its log says."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from velocious.errors import ConfigurationError
from velocious.realtime import Channel, Identity, MessageRegistry
from velocious.realtime.metrics import read_metrics
from velocious.routing import Routes
from velocious.testing.client import Client

if TYPE_CHECKING:
    from velocious.realtime import Connection, Context
    from velocious.testing.environment import TestEnvironment

TOKEN = "a token for those who watch"
PASSWORD = "hunter2-is-my-password"


class BoardChannel(Channel):
    pattern = "private-board.{id}"

    async def authorize(self) -> bool:
        if self.params["id"] == "9":
            raise ArithmeticError("broken")
        return self.params["id"] == "1"


async def by_token(_: Connection, credentials: dict[str, Any]) -> Identity | None:
    if credentials.get("token") == PASSWORD:
        return Identity("ann")
    if credentials.get("token") == f"{PASSWORD}-broken":
        raise ArithmeticError("broken")
    return None


messages = MessageRegistry()


@messages.on("fail")
async def fail(_: Context) -> None:
    raise ArithmeticError("broken")


def application(environment: TestEnvironment, **options: Any) -> Any:
    routes = Routes()
    routes.realtime("/realtime", authenticate=by_token, messages=messages, on="both")
    settings: dict[str, Any] = {"realtime": {"metrics_token": TOKEN}, **options}
    return environment.application(routes=routes, channels=[BoardChannel], **settings)


async def test_counts_are_for_those_who_know_the_token(environment: TestEnvironment) -> None:
    async with application(environment) as configuration:
        client = Client(configuration)
        (await client.get("/realtime/metrics")).assert_status(401)
        wrong = {"authorization": "Bearer another"}
        (await client.get("/realtime/metrics", headers=wrong)).assert_status(401)
        async with client.socket("/realtime") as ann, client.socket("/realtime") as stranger:
            await ann.says(type="auth", token=PASSWORD)
            await ann.says(type="sub", ch="private-board.1")
            await ann.hears("sub.ok")
            await ann.says(type="sub", ch="private-board.2")
            await ann.hears("error")
            await configuration.channels.publish("private-board.1", "moved")
            await stranger.says(type="auth", token="nonsense")
            await stranger.ended()
            headers = {"authorization": f"Bearer {TOKEN}"}
            answer = await client.get("/realtime/metrics", headers=headers)
        answer.assert_status(200)
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert "# TYPE velocious_realtime_connections gauge\n" in answer.text
        found = read_metrics(answer.text)
        expected = {
            'connections{state="open"}': 1,
            "users": 1,
            "topics": 1,
            "subscriptions": 1,
            "opened_total": 1,
            "publications_total": 1,
            "deliveries_total": 1,
            "refused_total": 1,
            "evictions_total": 0,
            "queued_bytes": 0,
            'closed_total{reason="auth_failed"}': 1,
        }
        assert {name: found[name] for name in expected} == expected
        assert "board" not in answer.text


async def test_the_log_names_connections_and_never_what_they_say(
    environment: TestEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with application(environment) as configuration:
        client = Client(configuration)
        async with client.socket("/realtime") as ann:
            id = (await ann.hears("hello"))["cid"]
            await ann.says(type="auth", token=PASSWORD)
            await ann.says(type="call", name="fail", data={"password": PASSWORD}, id=1)
            await ann.hears("error")
            await ann.says(type="sub", ch="private-board.9", token=PASSWORD)
            await ann.hears("error")
            await ann.says(type="sub", ch="private-board.9")
            await ann.hears("error")
            await ann.says(type="nonsense", password=PASSWORD)
            await ann.hears("error")
            await configuration.channels.publish("private-board.1", "moved", PASSWORD)
            await configuration.channels.kick(user="ann")
            await ann.ended()
        async with client.socket("/realtime") as bob:
            await bob.says(type="auth", token=f"{PASSWORD}-broken")
            await bob.ended()
    assert "ArithmeticError" in caplog.text
    assert id in caplog.text
    assert "of ann" in caplog.text
    # Source lines of a traceback are ours; values are not in it.
    assert PASSWORD not in caplog.text


def test_a_token_that_could_be_guessed_is_refused() -> None:
    from velocious.realtime import RealtimeSettings

    with pytest.raises(ConfigurationError, match="metrics_token"):
        RealtimeSettings(metrics_token="short")
    shown = repr(RealtimeSettings(metrics_token=TOKEN, secret="a secret of this many letters"))
    assert TOKEN not in shown
    assert "letters" not in shown
