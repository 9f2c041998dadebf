"""Connections whose transport is lost, but whose client may be back with another one.

Law: what a client has by its connection belongs to whoever it was: another identity ends it. While
it is away, what it is told waits, up to a number; what is dropped is told.
"""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from velocious.realtime import outputs
from velocious.realtime.life_cycle import forget
from velocious.realtime.sink import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.realtime import commands
    from velocious.realtime.channel import Channel
    from velocious.realtime.connection import Connection
    from velocious.realtime.engine import Engine
    from velocious.realtime.sink import Sink

#: Seconds for which a client may be away.
GRACE = 300.0
#: Frames that wait for it.
MOST = 1000
#: Characters that the id of a connection has at most.
LONGEST_ID = 64


class ParkedSink:
    """Keeps the last frames of a client that is away.

    Attributes:
        frames: what it was told meanwhile.
        has_dropped: whether older ones were lost.
        on_drained: never called: there is always room for the last ones.
    """

    form = PLAIN

    def __init__(self, ended: Callable[[], None]) -> None:
        self.on_drained: Callable[[], None] | None = None
        self.frames: deque[str | bytes] = deque()
        self.has_dropped = False
        self.on_drained: Callable[[], None] | None = None
        self._ended = ended

    @property
    def buffered(self) -> int:
        """Characters and bytes that wait for the client."""
        return sum(map(len, self.frames))

    def write(self, frame: str | bytes, /) -> bool:
        self.frames.append(frame)
        if len(self.frames) > MOST:
            self.frames.popleft()
            self.has_dropped = True
        return True

    def force(self, frame: str | bytes, /) -> None:
        self.write(frame)

    def close(self, code: int, reason: str) -> None:
        self._ended()


class Parking:
    """Connections without a transport, by id."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._parked: dict[str, Connection] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def __contains__(self, id: str) -> bool:
        return id in self._parked

    def park(self, connection: Connection) -> bool:
        """Keep *connection*, whose transport is lost; False where there is nothing to come back
        to.
        """
        # The keys of an encrypted connection are its transport's.
        resumable = (
            connection.dialect.resumes and connection.is_open and not connection.is_encrypted
        )
        if not resumable or not connection.subscriptions:
            return False
        drop = partial(self._drop, connection)
        _exchange(connection, ParkedSink(drop))
        # There is room for what its transport did not take.
        connection.outgoing.drained()
        self._parked[connection.id] = connection
        connection.set_timer("parked", GRACE, drop)
        self._tell(connection, lambda channel: channel.paused())
        return True

    async def resume(self, connection: Connection, command: commands.Resume) -> None:
        """*connection* is new, and wants to be the one that it was before."""
        before = self._parked.pop(command.session, None)
        if before is None:
            connection.say(outputs.Gone(command.session))
            await self._abandon_elsewhere(connection, command.session)
            return
        before.cancel_timer("parked")
        if before.user_id != connection.user_id:
            await forget(before)
            connection.say(outputs.Gone(command.session))
            return
        sink, kept = connection.sink, before.sink
        assert isinstance(kept, ParkedSink)
        connection.successor = before
        await forget(connection)
        before.upgrade = connection.upgrade
        # From here to the end nothing waits: frames stay in order.
        _exchange(before, sink)
        before.say(outputs.Resumed(before.id))
        if not all(sink.write(sink.form.prepare(frame)) for frame in kept.frames):
            kept.has_dropped = True
        if kept.has_dropped:
            for subscription in before.subscriptions.values():
                before.outgoing.resync(subscription)
        self._tell(before, lambda channel: channel.resumed())

    def abandon(self, connection: Connection) -> None:
        """Its client goes on elsewhere: let go of it, where it is parked."""
        if self._parked.get(connection.id) is connection:
            self._drop(connection)

    async def _abandon_elsewhere(self, connection: Connection, session: str) -> None:
        """Another process may keep *session*, and show its members to the others: whoever begins
        anew is not there twice.
        """
        # All processes hear of it: no more of them than of subscriptions, and no novels.
        now = self._engine.schedule.monotonic()
        if len(session) > LONGEST_ID or not connection.throttles.subscribes.takes(now):
            return
        try:
            await connection.hub.abandon(session)
        except Exception:
            self._engine.log_failure(connection, "Abandoning a session of another process")

    def _tell(self, connection: Connection, what: Callable[[Channel], None]) -> None:
        for subscription in list(connection.subscriptions.values()):
            try:
                what(subscription.channel)
            except Exception:
                self._engine.log_failure(connection, f"Telling {subscription.name!r}")

    def _drop(self, connection: Connection) -> None:
        self._parked.pop(connection.id, None)
        task = asyncio.get_running_loop().create_task(forget(connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _exchange(connection: Connection, sink: Sink) -> None:
    """Give *connection* another way out: listeners are grouped by it."""
    heard = [
        (connection.hub.topics[one.name], one)
        for one in connection.subscriptions.values()
        if one.held is None and one.name in connection.hub.topics
    ]
    for topic, subscription in heard:
        topic.pause(subscription)
    connection.sink = sink
    for topic, subscription in heard:
        topic.resume(subscription)
