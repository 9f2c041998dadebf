"""One channel, as a client sees it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self, cast

from velocious.errors import RemoteFault
from velocious.realtime.history import read_position
from velocious.realtime.presence import Change, Member

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from velocious.errors import NotConnectedError
    from velocious.realtime.client.staying import StayingConnected

    type Listener = Callable[[Any], object]

logger = logging.getLogger("velocious.realtime.client")

#: Events that wait for an ``async for`` that does not take them.
LONGEST_QUEUE = 1000


class Standing(StrEnum):
    """Whether the server knows that we listen."""

    OUT = "out"
    ASKED = "asked"
    IN = "in"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Heard:
    """An event.

    Attributes:
        event: what happened.
        data: what was published with it.
        position: where the channel's history stands, where it has one.
        epoch_ms: when, in milliseconds since 1970.
    """

    event: str
    data: Any
    position: str | None = None
    epoch_ms: int | None = None


class ClientChannel:
    """A channel of a :class:`RealtimeClient`.

    ::

        async with client.channel("board:1") as board:
            async for heard in board:
                print(heard.event, heard.data)

    Attributes:
        name: its name.
        standing: whether the server knows that we listen.
        members: who is there, in presence channels, by id.
        position: up to where everything has been heard; kept over reconnects.
        on_resync: called without arguments when something was missed that cannot be had any more:
            read what there is from its source.
        on_members: called without arguments when *members* has changed, and when it was told anew
            after a reconnect.
    """

    def __init__(self, client: StayingConnected, name: str, params: dict[str, Any]) -> None:
        self.name = name
        self.params = params
        self.standing = Standing.OUT
        self.members: dict[str, Member] = {}
        self.me: str | None = None
        self.position: str | None = None
        self.on_resync: Callable[[], object] | None = None
        self.on_members: Callable[[], object] | None = None
        self._client = client
        # Whether the server has confirmed it before: then a gap may lie between then and now.
        self._was_in = False
        self._listeners: dict[str | None, list[Listener]] = {}
        self._waiting: list[asyncio.Future[None]] = []
        self._queues: list[asyncio.Queue[Heard | None]] = []

    # Listening

    async def subscribe(self) -> Self:
        """Listen from now on, whatever happens to the connection; returns once it is confirmed.

        Raises:
            RemoteFault: the server refuses.
            NotConnectedError: the client was closed before an answer came.
        """
        if self.standing is Standing.IN:
            return self
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        self._client.join(self)
        await answer
        return self

    async def unsubscribe(self) -> None:
        """Listen no more."""
        self._client.part(self)
        self._end()
        self.members.clear()
        self.position = None
        self._was_in = False

    async def __aenter__(self) -> Self:
        return await self.subscribe()

    async def __aexit__(self, *_: object) -> None:
        await self.unsubscribe()

    def on(self, event: str | None, listener: Listener) -> Callable[[], None]:
        """Call *listener* with each :class:`Heard` of *event*, None for all of them. Returns what
        ends that.
        """
        listeners = self._listeners.setdefault(event, [])
        listeners.append(listener)
        return lambda: listeners.remove(listener) if listener in listeners else None

    async def __aiter__(self) -> AsyncIterator[Heard]:
        queue: asyncio.Queue[Heard | None] = asyncio.Queue()
        self._queues.append(queue)
        try:
            while (heard := await queue.get()) is not None:
                yield heard
        finally:
            self._queues.remove(queue)

    async def publish(self, event: str, data: Any = None) -> None:
        """Tell the others, where clients may speak.

        Raises:
            SendBufferFullError: too much waits for a connection.
            NotAvailableHereError: the client only listens.
        """
        self._client.send({"type": "pub", "ch": self.name, "event": event, "data": data})

    # What the client hands over

    def confirmed(self, frame: dict[str, Any], *, gap_follows: bool = False) -> None:
        """The server lets us listen. *gap_follows*: it says by itself if something was missed."""
        self.standing = Standing.IN
        members = frame.get("members")
        if isinstance(members, list):
            there = map(_member, cast("list[dict[str, Any]]", members))
            self.members = {one.id: one for one in there}
        self.me = frame.get("me")
        recovered = frame.get("recovered") is True
        if self._was_in and not recovered and not gap_follows:
            self._missed()
        self._was_in = True
        if not recovered:
            # What follows begins here; where it was recovered, what was missed follows first.
            self.position = frame.get("pos")
        self._know_members(frame)

    def more_members(self, frame: dict[str, Any]) -> None:
        """The next page of a list of members that is too long for one frame."""
        there = map(_member, cast("list[dict[str, Any]]", frame.get("members") or []))
        self.members |= {one.id: one for one in there}
        self._know_members(frame)

    def _know_members(self, page: dict[str, Any]) -> None:
        if page.get("more") is True:
            return
        if "members" in page:
            self._members_changed()
        self._answer(None)

    def refused(self, frame: dict[str, Any]) -> None:
        """The server does not let us listen."""
        self.standing = Standing.REFUSED
        self.members.clear()
        fault = RemoteFault(
            str(frame.get("code")), str(frame.get("message")), int(frame.get("status") or 400)
        )
        self._answer(fault)
        self._end()

    def event(self, frame: dict[str, Any]) -> None:
        """Something happened."""
        position = frame.get("pos")
        if isinstance(position, str) and not self._is_next(position):
            return
        heard = Heard(str(frame.get("event")), frame.get("data"), position, frame.get("ts"))
        self._note_member(heard)
        for listener in [*self._listeners.get(heard.event, ()), *self._listeners.get(None, ())]:
            self._tell(listener, heard)
        for queue in list(self._queues):
            if queue.qsize() >= LONGEST_QUEUE:
                # Whoever does not take them misses them, and is told so.
                while not queue.empty():
                    queue.get_nowait()
                self._missed()
            queue.put_nowait(heard)

    def resync(self, frame: dict[str, Any]) -> None:
        """The server has lost something of ours."""
        position = frame.get("pos")
        self.position = position if isinstance(position, str) else None
        self._missed()

    def cut(self) -> None:
        """The connection has ended; the client will ask again."""
        if self.standing is Standing.IN:
            self.standing = Standing.ASKED

    def given_up(self, error: NotConnectedError) -> None:
        """The client will not ask again."""
        self.standing = Standing.OUT
        self._answer(error)
        self._end()

    def _is_next(self, position: str) -> bool:
        """Whether *position* lies behind everything that was heard; then it is remembered."""
        new = read_position(position)
        old = None if self.position is None else read_position(self.position)
        if new is not None and old is not None and new[0] == old[0] and new[1] <= old[1]:
            return False
        self.position = position
        return True

    def _note_member(self, heard: Heard) -> None:
        shown: Any = heard.data
        if heard.event not in _CHANGES or not isinstance(shown, dict):
            return
        member = _member(cast("dict[str, Any]", shown))
        if heard.event == Change.REMOVED:
            self.members.pop(member.id, None)
        else:
            self.members[member.id] = member
        self._members_changed()

    def _members_changed(self) -> None:
        if self.on_members is not None:
            self._tell(lambda _: self.on_members and self.on_members(), None)

    def _missed(self) -> None:
        if self.on_resync is not None:
            self._tell(lambda _: self.on_resync and self.on_resync(), None)

    def _tell(self, listener: Listener, heard: Any) -> None:
        try:
            listener(heard)
        except Exception:
            # One listener's mistake must not cost the others their events.
            logger.exception("A listener of %s failed", self.name)

    def _answer(self, error: Exception | None) -> None:
        waiting, self._waiting = self._waiting, []
        for answer in waiting:
            if answer.done():
                continue
            if error is None:
                answer.set_result(None)
            else:
                answer.set_exception(error)

    def _end(self) -> None:
        for queue in self._queues:
            queue.put_nowait(None)


_CHANGES = frozenset(Change)


def _member(shown: dict[str, Any]) -> Member:
    return Member(str(shown.get("id")), shown.get("info"), int(shown.get("conns") or 1))
