"""The ignis dialect, compared with ignis' own server: the same frames, the same answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.node.realtime.foreign_client import foreign_client, needs
from velocious.realtime import Channel, Engine, Identity
from velocious.realtime.dialects import IgnisDialect
from velocious.testing.realtime import ManualSchedule, Participant


class Lobby(Channel):
    pattern = "lobby-{id}"


async def authenticate(_: Any, credentials: dict[str, Any]) -> Identity | None:
    token = credentials.get("token")
    if token == "broken":
        raise ValueError("no database")
    return {"right": Identity("ann"), "anonymous": Identity()}.get(str(token))


def authentic(token: str = "right") -> str:
    return json.dumps({"event": "authenticate", "data": {"token": token}})


JOIN = '{"event":"join","data":{"rooms":["lobby-1"]}}'
LEAVE = '{"event":"leave","data":{"rooms":["lobby-1","never"]}}'

#: What a client says; a pair is what the server says in a room, or to all where there is none.
CONVERSATIONS: dict[str, list[str | tuple[str | None, str]]] = {
    "somebody comes in": [authentic()],
    "somebody without a name comes in": [authentic("anonymous")],
    "nobody comes in": [authentic("wrong")],
    "the decision fails": [authentic("broken")],
    "again": [authentic(), authentic("wrong"), authentic()],
    "too early": ['{"event":"heartbeat"}', JOIN, '{"event":"chat","data":1}', "no JSON"],
    "unreadable": [authentic(), "no JSON", '{"data":1}', '{"event":""}', ""],
    "a room": [authentic(), ("lobby-1", "before"), JOIN, ("lobby-1", "in"), ("lobby-2", "other")],
    "a room twice": [authentic(), JOIN, JOIN, ("lobby-1", "once")],
    "a room and out": [authentic(), JOIN, LEAVE, ("lobby-1", "after")],
    "names that cannot be": [authentic(), '{"event":"join","data":{"rooms":["ws:x","",1]}}'],
    "to all": [(None, "early"), authentic(), (None, "late")],
    "a heartbeat": [authentic(), '{"event":"heartbeat","data":{}}'],
}


def plain(frame: Any) -> Any:
    """*frame* without what differs from one connection to the next."""
    if frame["event"] == "connected":
        data = dict(frame["data"])
        assert data.pop("id")
        assert data.pop("time").endswith("Z")
        return ("connected", data)
    return (frame["event"], frame.get("data"))


async def theirs(conversation: list[str | tuple[str | None, str]]) -> Any:
    needs("@venizia/ignis-helpers")
    async with foreign_client("ignis_server.cjs") as server:
        await server.hears("there")
        await server.do("open", key="a")
        for number, one in enumerate(conversation, 1):
            if isinstance(one, str):
                await server.do("frame", key="a", text=one)
            elif one[0] is None:
                await server.do("broadcast", event=one[1], data={"n": 1})
            else:
                await server.do("room", room=one[0], event=one[1], data={"n": 1})
            await server.do("done")
            await server.hears("done", count=number)
        ends = [(one["code"], one["reason"]) for one in server.all_heard("ended")]
        return [plain(one["frame"]) for one in server.all_heard("sent")], ends


async def ours(conversation: list[str | tuple[str | None, str]]) -> Any:
    async def ignore(*_: Any) -> None:
        pass

    engine = Engine(
        channels=[Lobby],
        schedule=ManualSchedule(),
        authenticate=authenticate,
        on_message=ignore,
    )
    client = Participant(engine, IgnisDialect())
    for one in conversation:
        if isinstance(one, str):
            await client.sends(one)
        elif one[0] is None:
            await engine.hub.broadcast(one[1], {"n": 1})
        else:
            await engine.hub.publish(one[0], one[1], {"n": 1})
    return [plain(one) for one in client.frames], [client.closed] if client.closed else []


@pytest.mark.parametrize("name", CONVERSATIONS)
async def test_says_what_the_original_says(name: str) -> None:
    conversation = CONVERSATIONS[name]
    assert await ours(conversation) == await theirs(conversation)
