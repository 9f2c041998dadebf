"""The life of a connection in the ignis dialect, in the texts and numbers of the original."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from velocious.realtime import Channel, Engine, Identity, RealtimeSettings
from velocious.realtime.dialects import IgnisDialect
from velocious.testing.realtime import ManualSchedule, Participant

DIALECT = IgnisDialect()


class Lobby(Channel):
    pattern = "lobby-{id}"

    async def authorize(self) -> bool:
        return self.params["id"] != "closed"


async def authenticate(_: Any, credentials: dict[str, Any]) -> Identity | None:
    match credentials.get("token"):
        case "right":
            return Identity("ann")
        case "anonymous":
            return Identity()
        case "broken":
            raise ValueError("no database")
        case "slow":
            await asyncio.sleep(3600)
            return None
        case _:
            return None


@pytest.fixture
def time() -> ManualSchedule:
    return ManualSchedule()


@pytest.fixture
def engine(time: ManualSchedule) -> Engine:
    return Engine(channels=[Lobby], schedule=time, authenticate=authenticate)


def errors(client: Participant) -> list[str]:
    return [one["data"]["message"] for one in client.frames if one["event"] == "error"]


async def visitor(engine: Engine, token: str = "right") -> Participant:
    made = Participant(engine, DIALECT)
    await made.says(event="authenticate", data={"token": token})
    return made


async def test_says_nothing_until_the_client_says_who_it_is(
    engine: Engine, time: ManualSchedule
) -> None:
    ann = Participant(engine, DIALECT)
    assert ann.frames == []
    await ann.says(event="authenticate", data={"token": "right"})
    connected = {"id": ann.connection.id, "userId": "ann", "time": "2025-06-15T15:06:40.000Z"}
    assert ann.frames == [{"event": "connected", "data": connected}]


async def test_somebody_without_a_name_may_stay(engine: Engine) -> None:
    ann = await visitor(engine, "anonymous")
    assert list(ann.frames[0]["data"]) == ["id", "time"]


async def test_who_says_nothing_is_closed_after_five_seconds(
    engine: Engine, time: ManualSchedule
) -> None:
    ann = Participant(engine, DIALECT)
    await time.pass_by(4.9)
    assert ann.closed is None
    await time.pass_by(0.2)
    assert ann.closed == (4001, "Authentication timeout")


async def test_a_decision_that_never_comes_is_cut(engine: Engine, time: ManualSchedule) -> None:
    ann = await visitor(engine, "slow")
    await time.pass_by(15)
    assert ann.closed == (4001, "Authentication timeout")
    await ann.leaves()


@pytest.mark.parametrize(
    ("token", "text"),
    [("wrong", "Authentication failed"), ("broken", "Authentication error")],
)
async def test_refusals_have_the_words_of_the_original(
    engine: Engine, token: str, text: str
) -> None:
    eve = await visitor(engine, token)
    assert errors(eve) == [text]
    assert eve.closed is not None
    assert eve.closed[0] == 4003


async def test_authenticating_again_changes_nothing(engine: Engine) -> None:
    ann = await visitor(engine)
    await ann.says(event="authenticate", data={"token": "wrong"})
    assert errors(ann) == ["Already authenticated"]
    assert ann.closed is None
    assert ann.connection.user_id == "ann"


async def test_nothing_but_a_heartbeat_is_heard_before(engine: Engine) -> None:
    eve = Participant(engine, DIALECT)
    await eve.says(event="heartbeat")
    await eve.says(event="join", data={"rooms": ["lobby-1"]})
    await eve.says(event="anything")
    assert errors(eve) == ["Not authenticated", "Not authenticated"]
    assert engine.hub.topics == {}


async def test_unreadable_frames_are_answered_and_frames_without_event_dropped(
    engine: Engine,
) -> None:
    ann = await visitor(engine)
    await ann.sends("no JSON")
    await ann.sends("null")
    await ann.says(data=1)
    assert errors(ann) == ["Invalid message format", "Invalid message format"]


async def test_bytes_are_read_as_text(engine: Engine) -> None:
    ann = await visitor(engine)
    await ann.sends(b'{"event":"join","data":{"rooms":["lobby-1"]}}')
    assert list(ann.connection.subscriptions) == ["lobby-1"]


async def test_rooms_that_nobody_declared_are_closed(engine: Engine) -> None:
    ann = await visitor(engine)
    rooms = ["lobby-1", "lobby-closed", "undeclared", "ws:internal", "", 1, "l" * 300]
    await ann.says(event="join", data={"rooms": rooms})
    assert list(ann.connection.subscriptions) == ["lobby-1"]
    refused = [one["data"]["room"] for one in ann.frames if one["event"] == "error"]
    assert refused == ["lobby-closed", "undeclared", "l" * 300]


async def test_leaving_a_room_where_it_is_not_has_no_answer(engine: Engine) -> None:
    ann = await visitor(engine)
    await ann.says(event="leave", data={"rooms": ["lobby-1", "x"]})
    assert len(ann.frames) == 1


async def test_a_silent_client_is_closed_and_every_frame_counts(time: ManualSchedule) -> None:
    settings = RealtimeSettings(heartbeat_interval=30, heartbeat_timeout=90)
    engine = Engine(schedule=time, settings=settings)
    await engine.start()
    ann = Participant(engine, DIALECT)
    await time.pass_by(60)
    await ann.says(event="heartbeat")
    await time.pass_by(60)
    assert ann.closed is None
    await time.pass_by(60)
    assert ann.closed == (4002, "Heartbeat timeout")
    assert [one["event"] for one in ann.frames] == ["connected"]
    await engine.stop()


async def test_what_no_handler_knows_goes_to_the_handler_of_messages(
    time: ManualSchedule,
) -> None:
    heard: list[str | bytes] = []

    async def on_message(_: Any, frame: str | bytes) -> None:
        heard.append(frame)

    engine = Engine(schedule=time, on_message=on_message)
    ann = Participant(engine, DIALECT)
    for event in ("connected", "disconnect", "encrypted", "error", "chat"):
        await ann.says(event=event, data=1)
    # What the protocol keeps for itself is nobody's message.
    assert heard == ['{"event": "chat", "data": 1}']
    assert errors(ann) == []


async def test_the_server_says_goodbye_with_1001(engine: Engine) -> None:
    await engine.start()
    ann = await visitor(engine)
    await engine.stop()
    assert ann.closed == (1001, "Server shutting down")


async def test_a_client_that_has_gone_meanwhile_is_not_let_in(engine: Engine) -> None:
    ann = await visitor(engine, "slow")
    await ann.leaves()
    assert engine.connections == {}
    assert engine.hub.connections == {}
    assert ann.frames == []
