"""What is particular about the ori dialect."""

from __future__ import annotations

from typing import Any

import pytest

from velocious.realtime import Context, Engine, Message, SocketRouter
from velocious.realtime.dialects import OriDialect
from velocious.testing.realtime import ManualSchedule, Participant

DIALECT = OriDialect()


class Tasks(SocketRouter):
    def configure(self, routes: Any) -> None:
        schema = {
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"type": "integer"}, "to": {"type": "string", "default": "end"}},
        }
        routes.on(Message("task.move", schema), self.move)
        routes.on("task.forget", self.forget)
        routes.on("task.guarded", self.move)
        routes.guard(self.refuse)

    async def refuse(self, context: Context) -> bool:
        return False

    async def move(self, context: Context) -> Any:
        return context.data

    async def forget(self, context: Context) -> None:
        pass


@pytest.fixture
def raw() -> list[str | bytes]:
    return []


@pytest.fixture
async def ann(raw: list[str | bytes]) -> Participant:
    async def on_message(_: Any, frame: str | bytes) -> None:
        raw.append(frame)

    engine = Engine(schedule=ManualSchedule(), routers=[Tasks()], on_message=on_message)
    return Participant(engine, DIALECT)


NOW = 1_750_000_000_000


async def test_an_answer_is_found_by_type_and_by_name(ann: Participant) -> None:
    await ann.says(type="task.move", data={"id": 1}, correlationId="c1")
    assert ann.frames == [
        {
            "type": "task.move",
            "name": "task.move",
            "data": {"id": 1, "to": "end"},
            "timestamp": NOW,
            "correlationId": "c1",
        }
    ]


async def test_fields_beside_the_type_are_the_data_where_there_is_none(ann: Participant) -> None:
    await ann.says(type="task.move", id=1)
    assert ann.frames[0]["data"] == {"id": 1, "to": "end"}
    assert "correlationId" not in ann.frames[0]


async def test_no_result_is_an_answer_without_data_that_no_listener_gets(ann: Participant) -> None:
    await ann.says(type="task.forget", correlationId="c1")
    assert ann.frames == [{"type": "task.forget", "correlationId": "c1"}]


async def test_errors_have_the_words_of_the_original_and_no_name(ann: Participant) -> None:
    await ann.says(type="task.guarded", id=1)
    await ann.says(type="task.move", id="one", correlationId="c1")
    forbidden, invalid = ann.frames
    assert forbidden == {
        "type": "task.guarded",
        "data": None,
        "error": "Forbidden",
        "code": "forbidden",
    }
    assert invalid["error"].startswith("Validation failed: data.id")
    assert invalid["correlationId"] == "c1"
    assert "name" not in invalid


async def test_joining_is_confirmed_where_the_client_can_tell_what_is_confirmed(
    ann: Participant,
) -> None:
    await ann.says(type="room.join", room="a")
    assert ann.frames == []
    await ann.says(type="room.join", data={"room": "b"}, correlationId="c1")
    await ann.says(type="room.leave", data={"room": "b"}, correlationId="c2")
    assert ann.frames == [
        {"type": "room.join", "data": {"room": "b"}, "correlationId": "c1"},
        {"type": "room.leave", "data": {"room": "b"}, "correlationId": "c2"},
    ]


@pytest.mark.parametrize("room", ["", "r" * 201, "room<script>", "a b", "__broadcast__"])
async def test_rooms_that_cannot_be_are_refused_aloud(ann: Participant, room: str) -> None:
    await ann.says(type="room.join", room=room, correlationId="c1")
    (refused,) = ann.frames
    assert (refused["type"], refused["code"]) == ("room.join", "bad_channel")
    assert ann.connection.subscriptions == {}


async def test_what_is_no_message_goes_to_the_handler_of_raw_ones(
    ann: Participant, raw: list[str | bytes]
) -> None:
    frames = ["no JSON", '{"no": "type"}', '{"type": "unknown"}', b"\x00\x01", "[1]"]
    for frame in frames:
        await ann.sends(frame)
    assert raw == frames
    assert ann.frames == []


async def test_bytes_are_published_as_they_are(ann: Participant) -> None:
    await ann.says(type="room.join", room="a")
    await ann.engine.hub.publish("a", "blob", b"\x00\xff")
    assert ann.frames == [b"\x00\xff"]


async def test_events_have_a_name_data_and_the_time(ann: Participant) -> None:
    await ann.says(type="room.join", room="a")
    await ann.engine.hub.publish("a", "said", {"n": 1})
    assert ann.frames == [{"name": "said", "data": {"n": 1}, "timestamp": NOW}]


async def test_a_handler_tells_its_client_something_beside(ann: Participant) -> None:
    context = Context(ann.connection, "x", None)
    context.send("progress", 50)
    assert ann.frames == [{"type": "progress", "name": "progress", "data": 50, "timestamp": NOW}]
