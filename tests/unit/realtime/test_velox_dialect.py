"""What is particular about the velox dialect."""

from __future__ import annotations

import pytest

from velocious.errors import ChannelNameError
from velocious.realtime import Admit, Channel, ChannelSigner, Engine, Identity
from velocious.realtime.dialects import VeloxDialect
from velocious.testing.realtime import ManualSchedule, Participant

DIALECT = VeloxDialect()
SIGNER = ChannelSigner(["a secret of some length"])


class Room(Channel):
    pattern = "presence-room"
    client_events = True
    leave_grace = 0

    async def authorize(self) -> bool:
        return self.user is not None


@pytest.fixture
def engine() -> Engine:
    return Engine(schedule=ManualSchedule(), channels=[Room], signer=SIGNER)


def visitor(engine: Engine, name: str | None = "ann") -> Participant:
    identity = None if name is None else Identity(name, info={"name": name})
    return Participant(engine, DIALECT, admitted=Admit(identity))


async def test_begins_with_the_id_of_the_socket(engine: Engine) -> None:
    ann = visitor(engine)
    data = {"socketId": ann.connection.id}
    assert ann.frames == [{"type": "event", "event": "connected", "data": data}]


async def test_members_have_the_form_of_the_original(engine: Engine) -> None:
    ann, bob = visitor(engine), visitor(engine, "bob")
    await ann.says(type="subscribe", channel="presence-room")
    await bob.says(type="subscribe", channel="presence-room", data={"id": "ann"})
    assert bob.heard("subscription_succeeded")["data"] == {
        "members": [
            {"id": "ann", "info": {"name": "ann"}},
            {"id": "bob", "info": {"name": "bob"}},
        ]
    }
    await bob.leaves()
    added, removed = ann.all_heard("event")[1:]
    assert added == {
        "type": "event",
        "channel": "presence-room",
        "event": "member_added",
        "data": {"id": "bob", "info": {"name": "bob"}},
    }
    assert (removed["event"], removed["data"]) == ("member_removed", {"id": "bob"})


@pytest.mark.parametrize("key", ["channelData", "channel_data"])
async def test_takes_the_signed_member_under_both_of_its_names(engine: Engine, key: str) -> None:
    ann = visitor(engine, None)
    member = '{"id":"ann"}'
    auth = f"{ann.connection.id}:{SIGNER.sign(ann.connection.id, 'presence-room', member)}"
    await ann.says(type="subscribe", channel="presence-room", auth=auth, **{key: member})
    assert ann.heard("subscription_succeeded")["data"] == {"members": [{"id": "ann"}]}


@pytest.mark.parametrize("channel", ["private-user.1", "private-user:1", "presence-x"])
async def test_a_private_channel_is_private(engine: Engine, channel: str) -> None:
    eve = visitor(engine)
    await eve.says(type="subscribe", channel=channel)
    error = eve.heard("subscription_error")
    assert (error["channel"], error["code"], error["status"]) == (channel, "forbidden", 403)


async def test_one_signature_is_not_read_in_two_ways(engine: Engine) -> None:
    ann = visitor(engine, None)
    member = '{"id":"admin"}'
    with pytest.raises(ChannelNameError):
        SIGNER.sign(ann.connection.id, f"presence-room:{member}")
    signature = SIGNER.sign(ann.connection.id, "private-a", "b")
    await ann.says(type="subscribe", channel="private-a:b", auth=f"x:{signature}")
    assert ann.heard("subscription_error")["code"] == "forbidden"


@pytest.mark.parametrize("name", ["tenant/7 news", "ünïcode", "a|b", "x" * 200])
async def test_names_may_be_any_printable_text(engine: Engine, name: str) -> None:
    ann = visitor(engine)
    await ann.says(type="subscribe", channel=name)
    await engine.hub.publish(name, "said", 1)
    assert ann.heard("event")["channel"] == name


async def test_messages_go_to_the_others_of_a_channel_that_wants_them(engine: Engine) -> None:
    ann, bob = visitor(engine), visitor(engine, "bob")
    for one in (ann, bob):
        await one.says(type="subscribe", channel="presence-room")
    await ann.says(type="message", channel="presence-room", event="typing", data=1)
    assert bob.heard("event")["event"] == "typing"
    await ann.says(type="message", channel="news", event="faked")
    assert ann.heard("error")["channel"] == "news"


async def test_says_so_where_it_does_not_understand(engine: Engine) -> None:
    ann = visitor(engine)
    await ann.sends("{")
    assert ann.heard("error")["error"] == "Invalid message format"
    await ann.says(type="ping")
    assert ann.frames[-1] == {"type": "pong"}


async def test_closes_a_shutdown_as_the_original_does(engine: Engine) -> None:
    await engine.start()
    ann = visitor(engine)
    await engine.stop()
    assert ann.closed == (1000, "Server shutting down")
