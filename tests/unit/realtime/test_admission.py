"""Who a connection belongs to, where the request that began it says so."""

from __future__ import annotations

from dataclasses import dataclass

from velocious.realtime import Admit, ChannelSigner, Engine, Identity, Upgrade
from velocious.testing.realtime import ManualSchedule, Participant


@dataclass
class User:
    id: int


async def test_the_id_of_an_admitted_user_is_that_of_the_user() -> None:
    async def upgrade(_: Upgrade) -> Admit:
        return Admit(Identity(User(7), state={"team": 3}), {"page": "board"})

    engine = Engine(schedule=ManualSchedule(), upgrade=upgrade)
    admitted = await engine.admit(Upgrade())
    assert isinstance(admitted, Admit)
    ann = Participant(engine, admitted=admitted)
    await engine.hub.to_user(User(7), "told", 1)
    assert ann.heard("ready")["user"] == "7"
    assert ann.heard("event")["data"] == 1
    assert ann.connection.state == {"team": 3, "page": "board"}


async def test_engines_that_share_a_hub_reach_each_others_connections() -> None:
    first = Engine(schedule=ManualSchedule())
    second = Engine(schedule=ManualSchedule(), hub=first.hub)
    ann, bob = Participant(first), Participant(second)
    await ann.says(type="sub", ch="board:1")
    await bob.says(type="sub", ch="board:1")
    await second.hub.publish("board:1", "moved")
    assert [one.heard("event")["event"] for one in (ann, bob)] == ["moved", "moved"]
    await first.hub.kick(connection=bob.connection.id)
    assert bob.closed == (4006, "Signed out")
    assert ann.closed is None


async def test_a_signer_is_made_when_it_is_first_needed() -> None:
    made: list[ChannelSigner] = []

    def signer() -> ChannelSigner:
        made.append(ChannelSigner(["a secret of this many letters"]))
        return made[-1]

    engine = Engine(schedule=ManualSchedule(), signer=signer)
    ann = Participant(engine)
    await ann.says(type="sub", ch="board:1")
    assert made == []
    token = ChannelSigner(["a secret of this many letters"]).token(
        ann.connection.id, "private-board.1"
    )
    await ann.says(type="sub", ch="private-board.1", token=token)
    await ann.says(type="sub", ch="private-board.2", token=token)
    assert [one["ch"] for one in ann.all_heard("sub.ok")] == ["board:1", "private-board.1"]
    assert ann.heard("error")["ch"] == "private-board.2"
    assert len(made) == 1
