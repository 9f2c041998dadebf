"""Connections that are encrypted, seen from the wire: what an eavesdropper and a forger can do."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from velocious.realtime import (
    Channel,
    Close,
    Engine,
    Identity,
    RealtimeSettings,
    SocketRouter,
)
from velocious.realtime.encryption import Curve, NativeHandshake, NativeOffer
from velocious.realtime.encryption.sealing import Agreement
from velocious.testing.realtime import Participant, settle
from velocious_node.realtime.crypto import NodeCrypto

if TYPE_CHECKING:
    from velocious.realtime import Connection, Context
    from velocious.realtime.encryption import NativeSession

CRYPTO = NodeCrypto()
SECRET = "the launch code is 0000"


class Board(Channel):
    pattern = "board:{id}"
    client_events = True


class Echo(SocketRouter):
    def configure(self, routes: Any) -> None:
        async def echo(context: Context) -> Any:
            return context.data

        routes.on("echo", echo)


async def by_token(_: Any, credentials: dict[str, Any]) -> Identity | None:
    name = credentials.get("token")
    return Identity(name) if name else None


def engine(handshake: Any = None, **more: Any) -> Engine:
    return Engine(
        channels=[Board],
        routers=[Echo()],
        authenticate=by_token,
        handshake=handshake or NativeHandshake(CRYPTO),
        **more,
    )


class Secretive:
    """A client with keys, on a wire that the test can read."""

    def __init__(self, of: Engine) -> None:
        self.wire = Participant(of)
        self.session: NativeSession | None = None
        self.read = 0

    @classmethod
    async def joins(cls, of: Engine, curve: Curve = Curve.P256) -> Secretive:
        made = cls(of)
        offer = await NativeOffer.make(CRYPTO, curve)
        await made.wire.says(type="auth", token="ann", publicKey=offer.public_key)
        ready = made.wire.heard("ready")
        made.session = await offer.accepted(ready["serverPublicKey"], ready["salt"], ready["cid"])
        made.read = 1 + made.wire.frames.index(ready)
        return made

    async def sealed(self, **message: Any) -> Any:
        assert self.session is not None
        return await self.session.sealer.seal(json.dumps(message))

    async def says(self, **message: Any) -> None:
        await self.wire.sends(await self.sealed(**message))

    async def hears(self) -> list[dict[str, Any]]:
        """What is new."""
        assert self.session is not None
        new = self.wire.sink.frames[self.read :]
        self.read += len(new)
        return [json.loads(await self.session.opener.open(one)) for one in new]


@pytest.mark.parametrize("curve", list(Curve))
async def test_nothing_after_ready_can_be_read_on_the_wire(curve: Curve) -> None:
    realtime = engine()
    ann = await Secretive.joins(realtime, curve)
    await ann.says(type="sub", id=1, ch="board:secret")
    await realtime.hub.publish("board:secret", "moved", SECRET)
    await ann.says(type="call", id=2, name="echo", data=SECRET)
    await ann.says(type="ping")
    kinds = [one["type"] for one in await ann.hears()]
    assert kinds == ["sub.ok", "event", "reply", "pong"]
    ann.wire.connection.end(Close.SHUTDOWN, "over")
    await settle()
    assert [one["type"] for one in await ann.hears()] == ["bye"]
    sent = [one["type"] for one in ann.wire.frames]
    assert sent[:2] == ["hello", "ready"]
    assert set(sent[2:]) == {"sealed"}
    assert "secret" not in "".join(map(str, ann.wire.sink.frames))
    assert SECRET not in "".join(map(str, ann.wire.sink.frames))


async def test_everybody_in_a_channel_gets_what_only_they_can_read() -> None:
    realtime = engine()
    visitors = [await Secretive.joins(realtime) for _ in range(5)]
    for one in visitors:
        await one.says(type="sub", id=1, ch="board:1")
    await realtime.hub.publish("board:1", "moved", {"to": 3})
    seen = {str(one.wire.sink.frames[-1]) for one in visitors}
    assert len(seen) == 5
    for one in visitors:
        assert (await one.hears())[-1]["data"] == {"to": 3}


async def test_a_frame_in_clear_ends_the_connection() -> None:
    ann = await Secretive.joins(engine())
    await ann.wire.says(type="call", id=1, name="echo", data="forged")
    assert ann.wire.closed == (4400, "Frame refused: unencrypted")
    assert [one["type"] for one in await ann.hears()] == ["bye"]


@pytest.mark.parametrize("clear", [b"", b"\0" * 40, "", "null", "[]", "{"])
async def test_whatever_is_not_sealed_ends_the_connection(clear: str | bytes) -> None:
    ann = await Secretive.joins(engine())
    await ann.wire.sends(clear)
    assert ann.wire.closed is not None
    assert ann.wire.closed[0] == 4400


async def test_a_frame_that_is_replayed_ends_the_connection() -> None:
    ann = await Secretive.joins(engine())
    frame = await ann.sealed(type="call", id=1, name="echo", data=1)
    await ann.wire.sends(frame)
    await ann.wire.sends(frame)
    assert ann.wire.closed == (4400, "Frame refused: replayed")
    assert [one["type"] for one in await ann.hears()] == ["reply", "bye"]


async def test_frames_in_another_order_end_the_connection() -> None:
    ann = await Secretive.joins(engine())
    first = await ann.sealed(type="call", id=1, name="echo", data=1)
    second = await ann.sealed(type="call", id=2, name="echo", data=2)
    await ann.wire.sends(second)
    await ann.wire.sends(first)
    assert ann.wire.closed == (4400, "Frame refused: out_of_order")
    assert [one["type"] for one in await ann.hears()] == ["bye"]


async def test_a_frame_that_is_sent_back_ends_the_connection() -> None:
    realtime = engine()
    ann = await Secretive.joins(realtime)
    await realtime.hub.publish("board:1", "moved", 1)
    await ann.says(type="ping")
    (pong,) = ann.wire.sink.frames[ann.read :]
    # The server's first frame has the number that the client's next one would have had.
    other = await Secretive.joins(realtime)
    await other.wire.sends(pong)
    assert other.wire.closed == (4400, "Frame refused: not_authentic")


async def test_a_client_without_a_key_is_sent_away() -> None:
    for key in ({}, {"publicKey": "AAAA"}, {"publicKey": 5}):
        bob = Participant(engine())
        await bob.says(type="auth", token="bob", **key)
        assert bob.closed == (4004, "Encryption required")
        assert bob.heard("error")["code"] == "handshake_failed"
        assert bob.all_heard("ready") == []


async def test_where_encryption_is_not_required_a_client_without_a_key_stays() -> None:
    realtime = engine(NativeHandshake(CRYPTO, required=False))
    bob = Participant(realtime)
    await bob.says(type="auth", token="bob")
    await bob.says(type="call", id=1, name="echo", data=1)
    assert bob.heard("reply")["data"] == 1
    await (await Secretive.joins(realtime)).says(type="ping")


async def test_what_was_sent_before_the_keys_is_not_done() -> None:
    gate = asyncio.Event()
    native = NativeHandshake(CRYPTO)

    async def slow(connection: Connection, credentials: dict[str, Any]) -> Agreement | None:
        await gate.wait()
        return await native(connection, credentials)

    ann = Participant(engine(slow))
    offer = await NativeOffer.make(CRYPTO)
    await ann.says(type="auth", token="ann", publicKey=offer.public_key)
    await ann.says(type="call", id=1, name="echo", data="forged")
    gate.set()
    await settle()
    assert ann.closed == (4400, "A message came before the keys")
    assert ann.all_heard("ready") == ann.all_heard("reply") == []


async def test_a_handshake_that_fails_ends_the_connection() -> None:
    async def broken(*_: Any) -> Agreement | None:
        raise RuntimeError("no keys today")

    ann = Participant(engine(broken))
    await ann.says(type="auth", token="ann")
    assert ann.closed == (4004, "Encryption required")


async def test_a_large_message_is_too_large_when_it_is_opened() -> None:
    realtime = engine(settings=RealtimeSettings(message_limit=1000))
    ann = await Secretive.joins(realtime)
    frame = {"type": "call", "id": 1, "name": "echo", "data": ""}
    room = 1000 - len(json.dumps(frame))
    await ann.says(**frame | {"data": "x" * room})
    assert [one["type"] for one in await ann.hears()] == ["reply"]
    await ann.says(**frame | {"data": "x" * (room + 1)})
    assert ann.wire.closed == (1009, "A message has at most 1000 bytes")


class Late:
    """Opens what it was given when the test says so."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()

    async def seal(self, frame: str | bytes) -> str | bytes:
        return frame

    async def open(self, wire: str | bytes) -> str | bytes:
        await self.gate.wait()
        return wire


async def test_what_takes_long_to_open_stays_in_order_and_stops_the_reading() -> None:
    late = Late()

    async def handshake(*_: Any) -> Agreement | None:
        return Agreement({}, late, late)

    ann = Participant(engine(handshake, settings=RealtimeSettings(inbound_queue=3)))
    await ann.says(type="auth", token="ann")
    for number in range(4):
        assert not ann.connection.is_full
        await ann.says(type="call", id=number, name="echo", data=number)
    assert ann.connection.is_full
    assert ann.all_heard("reply") == []
    late.gate.set()
    await asyncio.wait_for(ann.connection.room(), 5)
    await settle()
    assert [one["data"] for one in ann.all_heard("reply")] == [0, 1, 2, 3]


async def test_a_client_that_leaves_leaves_nothing_that_waits_to_be_opened() -> None:
    late = Late()

    async def handshake(*_: Any) -> Agreement | None:
        return Agreement({}, late, late)

    ann = Participant(engine(handshake))
    await ann.says(type="auth", token="ann")
    for number in range(4):
        await ann.says(type="call", id=number, name="echo", data=number)
    await ann.leaves()
    late.gate.set()
    await settle()
    assert ann.all_heard("reply") == []
    assert [one for one in asyncio.all_tasks() if one is not asyncio.current_task()] == []


async def test_a_user_who_says_again_who_it_is_keeps_the_keys() -> None:
    async def for_a_while(_: Any, credentials: dict[str, Any]) -> Identity:
        return Identity(credentials["token"], expires=4_000_000_000)

    realtime = Engine(authenticate=for_a_while, handshake=NativeHandshake(CRYPTO))
    ann = await Secretive.joins(realtime)
    offer = await NativeOffer.make(CRYPTO)
    await ann.says(type="auth", token="ann", publicKey=offer.public_key)
    (ready,) = await ann.hears()
    assert ready["type"] == "ready"
    assert "serverPublicKey" not in ready
    await ann.says(type="ping")
    assert [one["type"] for one in await ann.hears()] == ["pong"]


async def test_a_user_who_had_no_keys_gets_none_by_saying_again_who_it_is() -> None:
    async def for_a_while(_: Any, credentials: dict[str, Any]) -> Identity:
        return Identity(credentials["token"], expires=4_000_000_000)

    handshake = NativeHandshake(CRYPTO, required=False)
    ann = Participant(Engine(authenticate=for_a_while, handshake=handshake))
    offer = await NativeOffer.make(CRYPTO)
    await ann.says(type="auth", token="ann")
    await ann.says(type="auth", token="ann", publicKey=offer.public_key)
    assert [len(one) for one in ann.all_heard("ready")] == [len(ann.heard("ready"))] * 2
    assert "serverPublicKey" not in ann.heard("ready")
    assert not ann.connection.is_encrypted
    await ann.says(type="ping")
    assert ann.heard("pong")
