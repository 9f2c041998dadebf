"""Private and presence channels: who gets in, as whom, and what the others learn."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.suites.rooms import engine, subscribed, visitor
from velocious.errors import ChannelNameError, ChannelSecretError
from velocious.realtime import Channel, ChannelSigner

if TYPE_CHECKING:
    from velocious.testing.realtime import Participant

#: The classic form joins with colons, so a channel that is signed has none.
CHANNEL = st.text().filter(lambda name: ":" not in name)
SIGNER = ChannelSigner(["0123456789abcdef"])
BOB = json.dumps({"id": "bob", "info": {"name": "Bob"}})


async def refused(ann: Participant) -> str:
    error = ann.heard("error")
    assert ann.all_heard("sub.ok") == []
    return error["code"]


class TestPrivateChannels:
    async def test_are_closed_where_nobody_declared_them(self) -> None:
        realtime, _ = engine()
        for name in ("private-x", "presence-x"):
            ann = await subscribed(realtime, name)
            assert await refused(ann) == "forbidden"
        assert realtime.hub.topics == {}

    async def test_ask_their_class(self) -> None:
        realtime, _ = engine()
        ann = await subscribed(realtime, "private-diary.ann")
        assert ann.heard("sub.ok")["ch"] == "private-diary.ann"
        bob = await subscribed(realtime, "private-diary.ann", "bob")
        assert await refused(bob) == "forbidden"

    @pytest.mark.parametrize("answer", [None, 1, "yes", ["private-diary.bob"], {"a": 1}])
    async def test_only_a_clear_yes_opens_them_and_only_what_was_asked_for(
        self, answer: Any
    ) -> None:
        class Vague(Channel):
            pattern = "private-vague"

            async def authorize(self) -> Any:
                return answer

        realtime, _ = engine(channels=[Vague])
        ann = await subscribed(realtime, "private-vague")
        assert await refused(ann) == "forbidden"
        assert realtime.hub.topics == {}

    async def test_params_of_the_client_never_take_the_place_of_the_names(self) -> None:
        realtime, _ = engine()
        bob = await subscribed(realtime, "private-diary.ann", "bob", params={"owner": "bob"})
        assert await refused(bob) == "forbidden"

    async def test_open_to_a_signature_for_this_connection_and_channel(self) -> None:
        realtime, _ = engine(signer=SIGNER)
        ann = await visitor(realtime)
        await ann.says(
            type="sub", ch="private-x", token=SIGNER.sign(ann.connection.id, "private-x")
        )
        assert ann.heard("sub.ok")["ch"] == "private-x"

    async def test_take_no_signature_of_another_connection_or_channel(self) -> None:
        realtime, _ = engine(signer=SIGNER)
        ann, bob = await visitor(realtime), await visitor(realtime, "bob")
        for token in (
            SIGNER.sign(ann.connection.id, "private-x"),
            SIGNER.sign(bob.connection.id, "private-y"),
            "",
            "x",
            "v1..",
            "v1.9999999999999999999999.x",
            "ä" * 64,
        ):
            await bob.says(type="sub", ch="private-x", token=token)
            assert await refused(bob) == "forbidden"

    async def test_take_no_signature_where_nobody_signs(self) -> None:
        realtime, _ = engine()
        ann = await visitor(realtime)
        await ann.says(
            type="sub", ch="private-x", token=SIGNER.sign(ann.connection.id, "private-x")
        )
        assert await refused(ann) == "forbidden"

    async def test_a_native_token_ends(self) -> None:
        realtime, time = engine(signer=SIGNER)
        ann = await visitor(realtime)
        ends = time.epoch_ms() // 1000 + 10
        token = SIGNER.token(ann.connection.id, "private-x", expires=ends)
        await time.pass_by(9)
        await ann.says(type="sub", ch="private-x", token=token)
        assert ann.heard("sub.ok")
        await ann.says(type="unsub", ch="private-x")
        await time.pass_by(2)
        await ann.says(type="sub", ch="private-x", token=token)
        assert ann.heard("error")["code"] == "forbidden"


class TestMembers:
    async def test_are_those_of_the_signed_data(self) -> None:
        realtime, _ = engine(signer=SIGNER)
        ann = await visitor(realtime)
        token = SIGNER.sign(ann.connection.id, "presence-x", BOB)
        await ann.says(type="sub", ch="presence-x", token=token, member=BOB)
        confirmed = ann.heard("sub.ok")
        assert confirmed["me"] == "bob"
        assert confirmed["members"] == [{"id": "bob", "conns": 1, "info": {"name": "Bob"}}]

    async def test_never_those_of_the_client(self) -> None:
        realtime, _ = engine(signer=SIGNER)
        ann = await visitor(realtime)
        token = SIGNER.sign(ann.connection.id, "presence-x")
        await ann.says(type="sub", ch="presence-x", token=token, member=BOB)
        assert await refused(ann) == "forbidden"
        await ann.says(type="sub", ch="presence-room.1", member=BOB)
        assert ann.heard("sub.ok")["me"] == "ann"

    @pytest.mark.parametrize("data", ["[]", "{}", "x", '{"id": true}', '{"id": null}'])
    async def test_have_an_id(self, data: str) -> None:
        realtime, _ = engine(signer=SIGNER)
        ann = await visitor(realtime)
        token = SIGNER.sign(ann.connection.id, "presence-x", data)
        await ann.says(type="sub", ch="presence-x", token=token, member=data)
        assert await refused(ann) == "bad_member"

    async def test_cannot_be_made_up_by_an_event(self) -> None:
        realtime, _ = engine()
        ann = await subscribed(realtime, "presence-room.1")
        bob = await subscribed(realtime, "presence-room.1", "bob")
        await ann.says(type="pub", ch="presence-room.1", event="member.added", data={"id": "eve"})
        assert ann.heard("error")["code"] == "bad_event"
        assert bob.all_heard("event") == []


class TestClientEvents:
    async def test_reach_the_others(self) -> None:
        realtime, _ = engine()
        ann = await subscribed(realtime, "presence-room.1")
        bob = await subscribed(realtime, "presence-room.1", "bob")
        await ann.says(type="pub", ch="presence-room.1", event="typing", data={"at": 1})
        assert bob.heard("event")["data"] == {"at": 1}
        assert [one["event"] for one in ann.all_heard("event")] == ["member.added"]

    @pytest.mark.parametrize("channel", ["board:1", "private-diary.ann", "presence-room.2", "x"])
    async def test_are_refused_elsewhere(self, channel: str) -> None:
        realtime, _ = engine()
        ann = await subscribed(realtime, "board:1")
        await ann.says(type="sub", ch="private-diary.ann")
        await ann.says(type="pub", id=1, ch=channel, event="typing")
        error = ann.heard("error")
        assert (error["code"], error["id"]) == ("forbidden", 1)


class TestSigner:
    @given(st.text(), CHANNEL, st.none() | st.text())
    def test_takes_what_it_signed(self, connection: str, channel: str, data: str | None) -> None:
        signature = SIGNER.sign(connection, channel, data)
        assert SIGNER.verify(signature, connection, channel, data)
        assert not SIGNER.verify(signature, connection + "x", channel, data)
        assert not SIGNER.verify(signature, connection, channel + "x", data)
        assert not SIGNER.verify(signature[:-1], connection, channel, data)

    @given(st.text(), st.text(), st.none() | st.text(), st.none() | st.integers(0, 2**40))
    def test_takes_its_tokens(
        self, connection: str, channel: str, data: str | None, expires: int | None
    ) -> None:
        token = SIGNER.token(connection, channel, data, expires=expires)
        before = 0 if expires is None else expires - 1
        assert SIGNER.verify_token(token, connection, channel, data, before)
        assert not SIGNER.verify_token(token, channel + ".", connection, data, before)
        if expires is not None:
            assert not SIGNER.verify_token(token, connection, channel, data, expires)

    def test_signs_no_name_that_could_be_read_as_another_with_data(self) -> None:
        with pytest.raises(ChannelNameError):
            SIGNER.sign("1.1", 'presence-room:{"id":"admin"}')

    def test_takes_signatures_of_an_older_secret(self) -> None:
        newer = ChannelSigner(["another secret of it", "0123456789abcdef"])
        assert newer.verify(SIGNER.sign("1", "x"), "1", "x")
        assert not SIGNER.verify(newer.sign("1", "x"), "1", "x")

    def test_signs_as_pusher_does(self) -> None:
        # The example of https://pusher.com/docs/channels/library_auth_reference/auth-signatures/
        signer = ChannelSigner(["7ad3773142a6692b25b8"])
        assert signer.sign("1234.1234", "private-foobar") == (
            "58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4"
        )

    @pytest.mark.parametrize("secrets", [[], ["short"], ["0123456789abcdef", "x"]])
    def test_wants_a_secret_that_nobody_guesses(self, secrets: list[str]) -> None:
        with pytest.raises(ChannelSecretError, match="16 characters"):
            ChannelSigner(secrets)
