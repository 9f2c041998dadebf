"""The same conversations in every dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.realtime.conformance.speeches import NATIVE, SPEECHES
from tests.unit.realtime.conformance.talker import Talker
from velocious.realtime import (
    Channel,
    ChannelSigner,
    Close,
    Engine,
    Identity,
    MessageRegistry,
    RealtimeSettings,
    Slow,
)
from velocious.realtime.publication import to_json
from velocious.testing.realtime import ManualSchedule, Participant

if TYPE_CHECKING:
    from tests.unit.realtime.conformance.speech import Speech
    from velocious.realtime import Connection, Context

SIGNER = ChannelSigner(["a secret of some length"])


class Open(Channel):
    pattern = "open.{id}"


class Patient(Channel):
    pattern = "patient.{id}"
    slow = Slow.DROP


class Room(Channel):
    pattern = "presence-room.{id}"
    client_events = True
    leave_grace = 0

    async def authorize(self) -> bool:
        return self.user is not None


async def by_token(connection: Connection, credentials: dict[str, Any]) -> Identity | None:
    token = credentials.get("token")
    return Identity(token) if token == "right" else None


async def shout(context: Context) -> Any:
    return {"loud": context.data["text"].upper()}


def make(**more: Any) -> Engine:
    messages = MessageRegistry()
    messages.on("shout")(shout)
    return Engine(
        channels=[Open, Patient, Room],
        schedule=ManualSchedule(),
        signer=SIGNER,
        messages=messages,
        **more,
    )


@pytest.fixture(params=SPEECHES, ids=lambda speech: speech.name)
def speech(request: pytest.FixtureRequest) -> Speech:
    return request.param


@pytest.fixture
def engine() -> Engine:
    return make()


def able(given: Any) -> None:
    if given is None or given is False:
        pytest.skip("this dialect has no words for it")


async def test_hears_what_it_listens_to_and_nothing_afterwards(
    engine: Engine, speech: Speech
) -> None:
    ann = Talker(engine, speech)
    await ann.subscribes("open.1")
    if speech.acknowledges:
        assert ann.all_heard("subscribed") == [(None,)]
    await engine.hub.publish("open.1", "moved", {"to": "ü\u2028", "n": [1, None]})
    await engine.hub.publish("open.2", "moved", "not for it")
    assert ann.all_heard("event") == [("moved", {"to": "ü\u2028", "n": [1, None]})]
    await ann.says(speech.unsubscribe("open.1"))
    await engine.hub.publish("open.1", "moved", "too late")
    assert len(ann.all_heard("event")) == 1
    assert engine.hub.topics == {}


async def test_subscribing_twice_is_hearing_once(engine: Engine, speech: Speech) -> None:
    ann = Talker(engine, speech)
    await ann.subscribes("open.1")
    await ann.subscribes("open.1")
    await engine.hub.publish("open.1", "moved", 1)
    assert ann.all_heard("event") == [("moved", 1)]


async def test_all_dialects_hear_one_publication_each_in_its_own_words(engine: Engine) -> None:
    everybody = [Talker(engine, speech) for speech in SPEECHES]
    for one in everybody:
        await one.subscribes("open.1")
    await engine.hub.publish("open.1", "moved", [1])
    assert [one.all_heard("event") for one in everybody] == [[("moved", [1])]] * len(SPEECHES)


async def test_ten_publications_arrive_in_their_order(engine: Engine, speech: Speech) -> None:
    ann = Talker(engine, speech)
    await ann.subscribes("open.1")
    for number in range(10):
        await engine.hub.publish("open.1", "counted", number)
    assert [data for _, data in ann.all_heard("event")] == list(range(10))


@pytest.mark.parametrize("channel", ["private-mine", "presence-nowhere.1"])
async def test_may_not_listen_to_what_is_not_open(
    engine: Engine, speech: Speech, channel: str
) -> None:
    eve = Talker(engine, speech)
    await eve.subscribes(channel)
    assert eve.all_heard("refused") == [("forbidden",)]
    await engine.hub.publish(channel, "secret", 1)
    assert eve.all_heard("event") == []
    assert engine.hub.topics == {}


async def test_listens_with_a_signature_for_this_very_connection(
    engine: Engine, speech: Speech
) -> None:
    able(speech.signs)
    ann, eve = Talker(engine, speech), Talker(engine, speech)
    token = f"key:{SIGNER.sign(ann.id, 'private-mine')}"
    await ann.subscribes("private-mine", token)
    await eve.subscribes("private-mine", token)
    assert ann.channels == {"private-mine"}
    assert eve.channels == set()
    assert eve.all_heard("refused") == [("forbidden",)]


@pytest.mark.parametrize("forged", ["", "x", "key:", "key:" + "0" * 64, "key:" + "ü" * 64])
async def test_listens_with_no_other_signature(engine: Engine, speech: Speech, forged: str) -> None:
    able(speech.signs)
    eve = Talker(engine, speech)
    await eve.subscribes("private-mine", forged)
    assert eve.channels == set()


async def test_is_there_as_whom_the_signature_says(engine: Engine, speech: Speech) -> None:
    able(speech.signs)
    ann = Talker(engine, speech, user=None)
    member = to_json({"user_id": "ann", "user_info": {"name": "Ann"}})
    token = f"key:{SIGNER.sign(ann.id, 'presence-room.1', member)}"
    await ann.subscribes("presence-room.1", token, member.replace("ann", "eve"))
    assert ann.channels == set()
    await ann.subscribes("presence-room.1", token, member)
    assert ann.all_heard("subscribed") == [(["ann"],)]


async def test_cannot_say_who_it_is_in_a_presence_channel(engine: Engine, speech: Speech) -> None:
    eve = Talker(engine, speech, "eve")
    await eve.subscribes("presence-room.1", None, to_json({"id": "ann"}))
    assert [one.id for one in await engine.hub.members("presence-room.1")] == ["eve"]
    nobody = Talker(engine, speech, user=None)
    await nobody.subscribes("presence-room.1", None, to_json({"id": "ann"}))
    assert nobody.all_heard("refused") == [("forbidden",)]


async def test_somebody_with_two_connections_comes_once_and_goes_once(
    engine: Engine, speech: Speech
) -> None:
    ann = Talker(engine, speech)
    await ann.subscribes("presence-room.1")
    first, second = Talker(engine, speech, "bob"), Talker(engine, speech, "bob")
    await first.subscribes("presence-room.1")
    await second.subscribes("presence-room.1")
    await second.subscribes("presence-room.1")
    if speech.acknowledges:
        assert second.all_heard("subscribed")[-1] == (["ann", "bob"],)
    assert ann.all_heard("added") == [("bob",)]
    assert first.all_heard("added") == []
    await first.says(speech.unsubscribe("presence-room.1"))
    assert ann.all_heard("removed") == []
    await second.says(speech.unsubscribe("presence-room.1"))
    assert ann.all_heard("removed") == [("bob",)]


async def test_tells_the_others_where_it_listens_and_they_may_be_told(
    engine: Engine, speech: Speech
) -> None:
    able(speech.tell)
    assert speech.tell is not None
    ann, bob = Talker(engine, speech), Talker(engine, speech, "bob")
    await bob.subscribes("presence-room.1")
    await ann.says(speech.tell("presence-room.1", "client-typing", {"n": 1}))
    assert bob.all_heard("event") == []
    await ann.subscribes("presence-room.1")
    await ann.says(speech.tell("presence-room.1", "client-typing", {"n": 2}))
    assert bob.all_heard("event") == [("client-typing", {"n": 2})]
    assert ann.all_heard("event") == []
    await bob.subscribes("open.1")
    await ann.subscribes("open.1")
    await ann.says(speech.tell("open.1", "client-typing", {"n": 3}))
    assert len(bob.all_heard("event")) == 1


async def test_gets_an_answer_from_the_application(engine: Engine, speech: Speech) -> None:
    able(speech.call)
    assert speech.call is not None
    ann = Talker(engine, speech)
    await ann.subscribes("open.1")
    await ann.says(speech.call("shout", {"text": "hey"}))
    assert ann.all_heard("reply") == [("shout", {"loud": "HEY"})]
    await ann.says(speech.call("unknown", {}))
    assert ann.heard[-1][0] in ("failed", "refused")


async def test_a_handler_that_fails_tells_nothing_of_why(engine: Engine, speech: Speech) -> None:
    able(speech.call)
    assert speech.call is not None
    ann = Talker(engine, speech)
    await ann.subscribes("open.1")
    await ann.says(speech.call("shout", {"secret": 1}))
    assert ann.heard[-1][0] in ("failed", "refused")
    assert "KeyError" not in str(ann.participant.sink.frames[-1])
    await ann.says(speech.call("shout", {"text": "again"}))
    assert ann.heard[-1][0] == "reply"


async def test_answers_a_ping(engine: Engine, speech: Speech) -> None:
    able(speech.ping)
    ann = Talker(engine, speech)
    before = len(ann.participant.frames)
    await ann.says(speech.ping)
    said = ann.participant.frames[before:]
    assert said == ([] if speech.pong is None else [speech.pong])


async def test_says_who_it_is_before_anything_else(speech: Speech) -> None:
    able(speech.authenticate)
    assert speech.authenticate is not None
    engine = make(authenticate=by_token)
    ann = Talker(engine, speech, user=None)
    await ann.subscribes("open.1")
    assert ann.channels == set()
    await ann.says(speech.authenticate("right"))
    await ann.subscribes("open.1")
    assert ann.channels == {"open.1"}
    assert ann.participant.connection.user_id == "right"


async def test_is_sent_away_where_it_says_the_wrong_thing(speech: Speech) -> None:
    able(speech.authenticate)
    assert speech.authenticate is not None
    engine = make(authenticate=by_token)
    eve = Talker(engine, speech, user=None)
    await eve.says(speech.authenticate("wrong"))
    assert eve.code == speech.dialect.close_code(Close.AUTH_FAILED)
    await eve.says(speech.authenticate("right"))
    assert not eve.participant.connection.is_open


DEEP = "[" * 10_000 + "]" * 10_000
WRONG = (
    *("null", "[]", "1", '"x"', "", "no JSON", "{}", '{"type":null,"event":null}', "NaN", "\ud800"),
    *(b"", b"\xff\xfe", DEEP, '{"type":' + "[" * 100 + "]" * 100 + "}"),
    *('{"type":1}', '{"event":1}', '{"command":{}}', '{"event":{"a":1},"data":[]}', "x" * 70_000),
)


@pytest.mark.parametrize("frame", WRONG, ids=lambda frame: repr(frame[:12]))
async def test_a_wrong_frame_is_an_answer_or_a_close_and_never_an_exception(
    engine: Engine, speech: Speech, frame: str | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    ann = Talker(engine, speech)
    await ann.says(frame)
    await ann.subscribes("open.1")
    assert ann.channels == {"open.1"} or ann.code == speech.dialect.close_code(Close.TOO_BIG)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_odd_frames_of_the_dialect_are_no_exceptions_either(
    engine: Engine, speech: Speech, caplog: pytest.LogCaptureFixture
) -> None:
    for frame in speech.odd:
        ann = Talker(engine, speech)
        await ann.says(frame)
        assert ann.channels == set(), frame
        await ann.subscribes("open.1")
        assert ann.channels == {"open.1"}, frame
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_too_many_wrong_frames_are_the_end(speech: Speech) -> None:
    engine = make(settings=RealtimeSettings(message_burst=20, bad_frames_per_minute=10))
    ann = Talker(engine, speech)
    for _ in range(200):
        await ann.says("no JSON")
    ends = [speech.dialect.close_code(one) for one in (Close.REFUSED, Close.RATE_LIMIT)]
    assert ann.code in ends


@pytest.mark.parametrize("close", Close, ids=lambda close: close.name)
async def test_closes_by_numbers_that_its_clients_understand(
    engine: Engine, speech: Speech, close: Close
) -> None:
    ann = Talker(engine, speech)
    ann.participant.connection.end(close, "the reason")
    expected = (speech.closes or {}).get(close.name, int(close))
    assert ann.participant.closed == (expected, "the reason")
    _ = ann.heard


async def test_says_nothing_after_the_end(engine: Engine, speech: Speech) -> None:
    ann = Talker(engine, speech)
    await ann.subscribes("open.1")
    ann.participant.connection.end(Close.SHUTDOWN, "bye")
    before = len(ann.participant.frames)
    await ann.says(speech.ping or {})
    assert len(ann.participant.frames) == before


async def test_cannot_name_what_is_for_others(engine: Engine, speech: Speech) -> None:
    ann, eve = Talker(engine, speech, "ann"), Talker(engine, speech, "eve")
    names = ["ann", ann.id, f"__socket__:{ann.id}", "__broadcast__", "all", f"client:{ann.id}"]
    for name in names:
        await eve.subscribes(name)
    before = len(eve.participant.frames)
    await engine.hub.to_user("ann", "secret", 1)
    await engine.hub.to_client(ann.id, "secret", 2)
    assert len(eve.participant.frames) == before
    await engine.hub.broadcast("greeting", 3)
    assert len(eve.participant.frames) <= before + 1


async def test_whoever_missed_something_is_told(engine: Engine, speech: Speech) -> None:
    ann = Talker(engine, speech)
    await ann.subscribes("patient.1")
    ann.participant.sink.room = 0
    await engine.hub.publish("patient.1", "moved", 1)
    ann.participant.sink.room = 9
    before = len(ann.participant.frames)
    ann.participant.connection.outgoing.drained()
    assert len(ann.participant.frames) == before + 1
    await engine.hub.publish("patient.1", "moved", 2)
    assert ann.all_heard("event")[-1] == ("moved", 2)


async def test_a_room_that_is_full_of_names_never_mixes_them(
    engine: Engine, speech: Speech
) -> None:
    names = ["open.a", "open.A", "open.ab", "open.a-b", "open.a_b"]
    ann = Talker(engine, speech)
    await ann.subscribes("open.a")
    for name in names:
        await engine.hub.publish(name, "said", name)
    assert ann.all_heard("event") == [("said", "open.a")]


async def test_connection_ids_are_unlike_each_other(speech: Speech) -> None:
    engine = Engine(schedule=ManualSchedule())
    ids = {Participant(engine, speech.dialect).connection.id for _ in range(50)}
    assert len(ids) == 50
    assert NATIVE.dialect.connection_id(bytes(16)) == "0" * 32


async def test_cannot_leave_the_room_that_everybody_is_in(speech: Speech) -> None:
    engine = make(settings=RealtimeSettings(default_rooms=["open.1"]))
    ann = Talker(engine, speech)
    await engine.hub.publish("open.1", "moved", 1)
    await ann.says(speech.unsubscribe("open.1"))
    await engine.hub.publish("open.1", "moved", 2)
    assert ann.all_heard("event") == [("moved", 1), ("moved", 2)]
    assert ann.code is None
