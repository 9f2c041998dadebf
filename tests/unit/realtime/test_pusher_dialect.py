"""What is Pusher's alone: versions of its protocol."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.suites.rooms import engine
from velocious.realtime import ChannelSigner, Engine
from velocious.realtime.asgi import WebSockets
from velocious.realtime.dialects import NativeDialect, PusherDialect
from velocious.testing.realtime import Participant


async def answers(query: str, dialect: Any = None) -> list[dict[str, Any]]:
    """What a client is sent that asks with *query*, and leaves."""
    engine = Engine()
    app = WebSockets(engine, [dialect or PusherDialect()])
    sent: list[dict[str, Any]] = []
    coming = iter([{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1001}])

    async def receive() -> Any:
        return next(coming)

    async def send(message: Any) -> None:
        sent.append(message)

    scope: Any = {
        "type": "websocket",
        "path": "/app/key",
        "headers": [],
        "subprotocols": [],
        "query_string": query.encode(),
    }
    await app(scope, receive, send)
    assert not engine.connections
    return sent


@pytest.mark.parametrize("version", ["5", "6", "7"])
async def test_versions_that_are_understood_are_greeted(version: str) -> None:
    accept, greeting, *_ = await answers(f"protocol={version}&client=js")
    assert accept["type"] == "websocket.accept"
    assert json.loads(greeting["text"])["event"] == "pusher:connection_established"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", 4008),
        ("protocol=", 4006),
        ("protocol=seven", 4006),
        ("protocol=%D9%A7", 4006),
        ("protocol=4", 4007),
        ("protocol=8", 4007),
    ],
)
async def test_others_are_told_in_the_numbers_of_that_protocol(query: str, code: int) -> None:
    accept, told, close = await answers(query)
    assert accept["type"] == "websocket.accept"
    error = json.loads(told["text"])
    assert error["event"] == "pusher:error"
    assert json.loads(error["data"])["code"] == code
    assert (close["type"], close["code"]) == ("websocket.close", code)
    assert len(close["reason"].encode()) <= 123


async def test_no_other_dialect_asks_for_it() -> None:
    accept, greeting, *_ = await answers("", NativeDialect())
    assert accept["type"] == "websocket.accept"
    assert json.loads(greeting["text"])["type"] == "hello"


class TestLongEvents:
    async def listeners(self) -> tuple[Engine, Participant, Participant]:
        realtime, _ = engine()
        pusher = PusherDialect()
        ann, bob = Participant(realtime, pusher), Participant(realtime, pusher)
        for name, one in {"ann": ann, "bob": bob}.items():
            await one.says(event="pusher:signin", data={"token": name})
            await one.says(event="pusher:subscribe", data={"channel": "presence-room.1"})
        return realtime, ann, bob

    def heard(self, who: Participant, event: str) -> list[dict[str, Any]]:
        return [json.loads(one["data"]) for one in who.frames if one["event"] == event]

    async def test_of_clients_are_refused_above_ten_kibibytes_and_reach_nobody(self) -> None:
        _, ann, bob = await self.listeners()
        # Two bytes each, and the quotes around them: it is bytes that are counted.
        await ann.says(event="client-drawn", channel="presence-room.1", data="ä" * 5119)
        assert self.heard(ann, "pusher:error") == []
        await ann.says(event="client-drawn", channel="presence-room.1", data="ä" * 5120)
        (error,) = self.heard(ann, "pusher:error")
        assert (error["code"], error["reason"]) == (4301, "event_too_big")
        assert "10242 bytes" in error["message"]
        assert self.heard(bob, "client-drawn") == ["ä" * 5119]
        assert ann.closed is None

    async def test_of_the_server_are_heard_up_to_its_own_limit(self) -> None:
        realtime, ann, _ = await self.listeners()
        await realtime.hub.publish("presence-room.1", "drawn", "x" * 60_000)
        assert self.heard(ann, "drawn") == ["x" * 60_000]


class TestEncryptedChannels:
    """Clients would take for secret what nothing here encrypts."""

    NAME = "private-encrypted-plans"

    async def test_are_refused_whoever_signed_for_them(self) -> None:
        signer = ChannelSigner(["a secret of some length"])
        realtime = Engine(signer=signer)
        ann = Participant(realtime, PusherDialect())
        auth = f"app-key:{signer.sign(ann.connection.id, self.NAME)}"
        await ann.says(event="pusher:subscribe", data={"channel": self.NAME, "auth": auth})
        refused = ann.frames[-1]
        assert (refused["event"], refused["channel"]) == ("pusher:subscription_error", self.NAME)
        error = json.loads(refused["data"])
        assert error["status"] == 400
        assert "would not be encrypted" in error["error"]
        await realtime.hub.publish(self.NAME, "moved", "a secret")
        assert "a secret" not in str(ann.sink.frames)

    async def test_are_names_like_others_for_those_to_whom_they_promise_nothing(self) -> None:
        signer = ChannelSigner(["a secret of some length"])
        realtime = Engine(signer=signer)
        ann = Participant(realtime)
        token = f"{ann.connection.id}:{signer.sign(ann.connection.id, self.NAME)}"
        await ann.says(type="sub", ch=self.NAME, token=token)
        assert ann.heard("sub.ok")["ch"] == self.NAME
