"""From the first byte to an open connection: guards, authentication, deadlines, and the end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.rooms import engine, subscribed, visitor
from velocious.errors import Fault
from velocious.realtime import (
    Admit,
    Identity,
    MessageRegistry,
    RealtimeSettings,
    Reject,
    SocketRouter,
    Upgrade,
)
from velocious.testing.realtime import Participant, settle

if TYPE_CHECKING:
    from velocious.realtime import (
        Context,
        Engine,
    )
    from velocious.testing.realtime import ManualSchedule


def guarded(*guards: Any, **more: Any) -> tuple[Engine, ManualSchedule]:
    class Guarding(SocketRouter):
        def configure(self, routes: Any) -> None:
            for guard in guards:
                routes.connection_guard(guard)

    return engine(routers=[Guarding()], **more)


class TestUpgrades:
    @pytest.mark.parametrize("answer", [None, True, {}, Identity("ann")])
    async def test_whatever_is_no_admission_keeps_the_client_out(self, answer: Any) -> None:
        async def hook(_: Upgrade) -> Any:
            return answer

        realtime, _ = engine(upgrade=hook)
        assert await realtime.admit(Upgrade()) == Reject(401, "Unauthorized")

    async def test_a_hook_that_fails_is_an_error_without_details(self) -> None:
        async def hook(_: Upgrade) -> Any:
            raise ValueError("the password of the database")

        realtime, _ = engine(upgrade=hook)
        assert await realtime.admit(Upgrade()) == Reject(500, "Internal error")

    async def test_a_hook_that_hangs_is_cut(self) -> None:
        async def hook(_: Upgrade) -> Any:
            await asyncio.sleep(60)

        realtime, _ = engine(upgrade=hook, settings=RealtimeSettings(upgrade_timeout=0.01))
        assert await realtime.admit(Upgrade()) == Reject(503, "Try again later")

    async def test_who_is_known_by_the_request_need_not_say_it_again(self) -> None:
        realtime, _ = engine()
        ann = Participant(realtime, admitted=Admit(Identity("ann"), {"theme": "dark"}))
        assert ann.heard("ready")["user"] == "ann"
        assert ann.connection.state == {"theme": "dark"}

    async def test_too_many_of_an_address_are_refused_until_one_leaves(self) -> None:
        realtime, _ = engine(settings=RealtimeSettings(connections_per_ip=2))
        here = Upgrade(address="192.0.2.1")
        first = Participant(realtime, upgrade=here)
        Participant(realtime, upgrade=here)
        assert await realtime.admit(here) == Reject(429, "Too many connections from this address")
        assert isinstance(await realtime.admit(Upgrade(address="192.0.2.2")), Admit)
        await first.leaves()
        assert isinstance(await realtime.admit(here), Admit)

    async def test_a_full_process_says_so(self) -> None:
        realtime, _ = engine(settings=RealtimeSettings(connections=1))
        Participant(realtime)
        assert await realtime.admit(Upgrade()) == Reject(503, "Too many connections")


class TestGuards:
    async def test_one_that_says_no_ends_the_connection(self) -> None:
        async def nobody(_: Context) -> bool:
            return False

        realtime, _ = guarded(nobody)
        ann = Participant(realtime)
        assert ann.closed == (1008, "Connection rejected by guard")

    async def test_one_that_fails_lets_nobody_in(self) -> None:
        async def broken(_: Context) -> bool:
            raise ValueError("a secret")

        realtime, _ = guarded(broken)
        ann = Participant(realtime)
        assert ann.closed == (1008, "Connection rejected by guard")
        assert "secret" not in str(ann.sink.frames)

    async def test_one_that_forgets_to_answer_lets_nobody_in(self) -> None:
        async def forgetful(_: Context) -> Any:
            return None

        realtime, _ = guarded(forgetful)
        assert Participant(realtime).closed is not None

    async def test_run_in_order_and_stop_at_the_first_refusal(self) -> None:
        asked: list[str] = []

        async def first(_: Context) -> bool:
            asked.append("first")
            return False

        async def second(_: Context) -> bool:
            asked.append("second")
            return True

        realtime, _ = guarded(first, second)
        Participant(realtime)
        assert asked == ["first"]

    async def test_what_they_keep_is_there_for_every_message(self) -> None:
        async def remember(context: Context) -> bool:
            context.state["tenant"] = "acme"
            return True

        messages = MessageRegistry()

        @messages.on("tenant")
        async def tenant(context: Context) -> Any:
            context.state["mine"] = 1
            return [context.state["tenant"], "mine" in context.connection.state]

        realtime, _ = guarded(remember, messages=messages)
        ann = await visitor(realtime)
        await ann.says(type="call", id=1, name="tenant")
        assert ann.heard("reply")["data"] == ["acme", False]

    async def test_nothing_is_handled_before_they_are_done(self) -> None:
        door = asyncio.Event()
        handled: list[Any] = []
        messages = MessageRegistry()

        @messages.on("work")
        async def work(context: Context) -> None:
            handled.append(context.user)

        async def slow(_: Context) -> bool:
            return await door.wait()

        async def on_raw(*_: Any) -> None:
            handled.append("raw")

        realtime, _ = guarded(slow, messages=messages, on_message=on_raw)
        ann = Participant(realtime)
        await ann.says(type="auth", token="ann")
        await ann.says(type="call", name="work")
        await ann.sends(b"raw")
        assert handled == []
        assert not realtime.hub.connections
        door.set()
        await settle()
        assert handled == ["ann", "raw"]

    async def test_that_hang_are_cut(self) -> None:
        async def hanging(_: Context) -> bool:
            await asyncio.Event().wait()
            return True

        realtime, time = guarded(hanging)
        ann = Participant(realtime)
        await time.pass_by(4.9)
        assert ann.closed is None
        await time.pass_by(0.2)
        assert ann.closed == (1008, "The guards took too long")
        await ann.leaves()
        assert not realtime.connections

    async def test_a_flood_before_the_door_is_open_ends_the_connection(self) -> None:
        async def hanging(_: Context) -> bool:
            await asyncio.Event().wait()
            return True

        realtime, _ = guarded(hanging)
        ann = Participant(realtime)
        for _ in range(40):
            await ann.says(type="call", name="work")
        assert ann.closed == (4008, "Too many messages before the connection is open")
        await ann.leaves()


class TestAuthentication:
    async def test_must_come_within_its_time(self) -> None:
        realtime, time = engine()
        ann = Participant(realtime)
        await time.pass_by(5.1)
        assert ann.closed == (4001, "Authentication timeout")

    async def test_must_be_over_within_its_time_handshake_included(self) -> None:
        async def hanging(*_: Any) -> Any:
            await asyncio.Event().wait()

        realtime, time = engine(handshake=hanging)
        ann = await visitor(realtime)
        assert ann.all_heard("ready") == []
        await ann.says(type="call", name="work")
        await time.pass_by(10.1)
        assert ann.closed == (4001, "Authentication timeout")
        await ann.leaves()

    async def test_a_refused_handshake_ends_the_connection(self) -> None:
        async def refusing(*_: Any) -> Any:
            return None

        realtime, _ = engine(handshake=refusing)
        ann = await visitor(realtime)
        assert ann.closed == (4004, "Encryption required")

    async def test_nothing_else_is_answered_before(self) -> None:
        realtime, _ = engine()
        ann = Participant(realtime)
        await ann.says(type="sub", id=1, ch="board:1")
        assert ann.heard("error") == {
            "type": "error",
            "id": 1,
            "code": "not_authenticated",
            "message": "Not authenticated",
            "status": 401,
        }
        assert realtime.hub.local_count("board:1") == 0

    async def test_a_wrong_one_ends_the_connection(self) -> None:
        realtime, _ = engine()
        ann = Participant(realtime)
        await ann.says(type="auth", id=1, token="")
        assert ann.heard("error")["code"] == "authentication_failed"
        assert ann.heard("bye")["reconnect"] is False
        assert ann.closed == (4003, "Authentication failed")

    async def test_one_that_fails_tells_no_details(self) -> None:
        async def broken(*_: Any) -> Any:
            raise ValueError("SELECT password")

        realtime, _ = engine(authenticate=broken)
        ann = await visitor(realtime)
        assert ann.closed == (4003, "Authentication failed")
        assert "SELECT" not in str(ann.sink.frames)

    async def test_may_say_why_in_its_own_words(self) -> None:
        async def choosy(*_: Any) -> Any:
            raise Fault("suspended", "Your account is suspended.")

        realtime, _ = engine(authenticate=choosy)
        ann = await visitor(realtime)
        assert ann.closed == (4003, "Your account is suspended.")

    async def test_a_second_one_changes_nothing(self) -> None:
        realtime, _ = engine()
        ann = await visitor(realtime)
        await ann.says(type="auth", id=2, token="bob")
        assert ann.heard("error")["code"] == "already_authenticated"
        assert ann.connection.user == "ann"
        assert ann.closed is None

    async def test_a_client_that_leaves_meanwhile_is_forgotten(self) -> None:
        door = asyncio.Event()

        async def slow(*_: Any) -> Any:
            await door.wait()
            return "ann"

        realtime, _ = engine(authenticate=slow)
        ann = await visitor(realtime)
        await ann.leaves()
        door.set()
        await settle()
        assert not realtime.connections
        assert not realtime.hub.users

    async def test_a_large_frame_before_it_ends_the_connection(self) -> None:
        realtime, _ = engine()
        ann = Participant(realtime)
        await ann.says(type="auth", token="x" * 9000)
        assert ann.closed == (1009, "A message has at most 8192 bytes")

    async def test_a_stranger_is_read_for_one_frame_in_all(self) -> None:
        realtime, _ = engine()
        ann, eve = Participant(realtime), Participant(realtime)
        await ann.says(type="ping", id="x" * 100)
        await ann.says(type="auth", token="x" * 7000)
        assert ann.closed is None
        for _ in range(3):
            await ann.says(type="ping", id="x" * 199, more="x" * 7000)
        for _ in range(2):
            await eve.says(type="ping", more="x" * 5000)
        assert ann.closed is None
        assert eve.closed == (1009, "Before authentication at most 8192 bytes are read")

    async def test_a_user_has_so_many_connections_and_no_more(self) -> None:
        realtime, _ = engine(settings=RealtimeSettings(connections_per_user=2))
        first = await visitor(realtime)
        await visitor(realtime)
        third = await visitor(realtime)
        assert third.closed == (1013, "Too many connections")
        assert third.heard("bye")["retry_after"] == 5
        await first.leaves()
        await third.leaves()
        assert (await visitor(realtime)).closed is None

    async def test_without_a_way_to_do_it_everybody_is_anonymous(self) -> None:
        realtime, _ = engine(authenticate=None)
        ann = Participant(realtime)
        assert ann.heard("hello")["auth"] == "none"
        assert "user" not in ann.heard("ready")


class TestPermissionsThatEnd:
    @staticmethod
    def expiring(seconds: float) -> tuple[Engine, ManualSchedule]:
        async def authenticate(_: Any, credentials: dict[str, Any]) -> Identity:
            ends = time.epoch_ms() / 1000 + seconds
            return Identity(credentials["token"], expires=ends)

        realtime, time = engine(authenticate=authenticate)
        return realtime, time

    async def test_are_announced_and_end_the_connection(self) -> None:
        realtime, time = self.expiring(100)
        ann = await visitor(realtime)
        await time.pass_by(69)
        assert ann.all_heard("error") == []
        await time.pass_by(2)
        assert ann.heard("error")["code"] == "token_expires"
        await time.pass_by(30)
        assert ann.closed == (4003, "The permission has ended")

    async def test_can_be_renewed(self) -> None:
        realtime, time = self.expiring(100)
        ann = await subscribed(realtime, "board:1")
        await time.pass_by(80)
        await ann.says(type="auth", id=2, token="ann")
        await time.pass_by(25)
        await ann.says(type="ping")
        await time.pass_by(50)
        assert ann.closed is None
        await realtime.hub.publish("board:1", "moved")
        assert ann.heard("event")["event"] == "moved"

    async def test_never_make_somebody_else_of_a_connection(self) -> None:
        realtime, _ = self.expiring(100)
        ann = await visitor(realtime)
        await ann.says(type="auth", token="bob")
        assert ann.closed == (4003, "Authentication failed")

    async def test_are_looked_at_from_time_to_time(self) -> None:
        welcome = {"ann"}

        async def recheck(connection: Any) -> bool:
            return connection.user in welcome

        realtime, time = engine(recheck=recheck)
        await realtime.start()
        ann = await visitor(realtime)
        await time.pass_by(50)
        await ann.says(type="ping")
        await time.pass_by(20)
        assert ann.closed is None
        await ann.says(type="ping")
        welcome.clear()
        await time.pass_by(59)
        assert ann.closed == (4003, "No longer allowed")
        await realtime.stop()


class TestSilence:
    async def test_is_asked_about_then_ends_the_connection(self) -> None:
        realtime, time = engine()
        await realtime.start()
        ann = await visitor(realtime)
        await time.pass_by(31)
        assert len(ann.all_heard("ping")) == 1
        await ann.says(type="pong")
        await time.pass_by(59)
        assert ann.closed is None
        await time.pass_by(10)
        assert ann.closed == (4002, "Heartbeat timeout")
        await realtime.stop()

    async def test_a_ping_is_answered_with_its_id(self) -> None:
        realtime, _ = engine()
        ann = Participant(realtime)
        await ann.says(type="ping", id="p1")
        assert ann.heard("pong") == {"type": "pong", "id": "p1"}


class TestTheEnd:
    async def test_leaves_nothing_behind(self) -> None:
        closed: list[str] = []

        async def on_close(connection: Any) -> None:
            closed.append(connection.user)

        realtime, time = engine(on_close=on_close)
        ann = await subscribed(realtime, "presence-room.1")
        await ann.says(type="sub", ch="board:1")
        await ann.leaves()
        await ann.leaves()
        await time.pass_by(10)
        assert closed == ["ann"]
        assert not realtime.connections
        assert not realtime.hub.topics
        assert not realtime.hub.users
        assert await realtime.hub.members("presence-room.1") == []

    async def test_of_the_server_tells_everybody_when_to_come_back(self) -> None:
        realtime, _ = engine()
        await realtime.start()
        ann = await visitor(realtime)
        await realtime.stop()
        await realtime.stop()
        assert ann.closed == (1001, "Server shutting down")
        bye = ann.heard("bye")
        assert bye["reconnect"] is True
        assert 0 <= bye["retry_after"] <= 30

    async def test_everybody_of_a_user_is_sent_away_at_a_sign_out(self) -> None:
        realtime, _ = engine()
        ann, again, bob = [await visitor(realtime, name) for name in ("ann", "ann", "bob")]
        await realtime.hub.kick(user="ann")
        assert ann.closed == again.closed == (4006, "Signed out")
        assert ann.heard("bye")["reconnect"] is False
        assert bob.closed is None
