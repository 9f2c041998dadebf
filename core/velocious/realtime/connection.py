"""One client: what it is, and how far it has come.

Law: nothing of the application runs before guards, authentication and handshake are over.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from velocious.realtime import outputs
from velocious.realtime.identity import Identity
from velocious.realtime.inbox import Inbox
from velocious.realtime.outgoing import Outgoing

if TYPE_CHECKING:
    import asyncio

    from velocious.realtime.close_codes import Close
    from velocious.realtime.conflated import Conflated
    from velocious.realtime.dialects.base import Dialect
    from velocious.realtime.encryption.opening import Opening
    from velocious.realtime.encryption.sealing import Agreement
    from velocious.realtime.engine import Engine
    from velocious.realtime.hub import Hub
    from velocious.realtime.schedule import Timer
    from velocious.realtime.sink import Sink
    from velocious.realtime.subscription import Subscription
    from velocious.realtime.throttle import Throttles
    from velocious.realtime.upgrade import Admit, Upgrade


class Phase(StrEnum):
    """How far a connection has come."""

    GUARDING = "guarding"
    AWAITING_AUTH = "awaiting_auth"
    AUTHENTICATING = "authenticating"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


#: Found without a look at the class: every message asks for it.
_OPEN = Phase.OPEN


class Connection:
    """A client.

    Attributes:
        agreement: what the encryption handshake ended with, once that is over.
        id: 128 random bits, as its dialect writes them.
        dialect: how it talks.
        sink: the way out.
        upgrade: the request it began with.
        phase: how far it has come.
        identity: who it belongs to, once that is known.
        state: what guards and handlers keep.
        subscriptions: alias → what it listens to.
        gaps: subscriptions for which there was no room: what is kept for them, or None where they
            missed something and were not told yet.
        successor: the connection that its client goes on with, in place of this one.
        early: bytes that came before it said who it is.
        last_seen: when the last frame came, in monotonic seconds.
        opening: the way in, once what the client sends is encrypted.
    """

    __slots__ = (
        "__weakref__",
        "agreement",
        "dialect",
        "early",
        "engine",
        "gaps",
        "hub",
        "id",
        "identity",
        "inbox",
        "last_seen",
        "opening",
        "outgoing",
        "phase",
        "pinged",
        "sink",
        "state",
        "subscriptions",
        "successor",
        "tasks",
        "throttles",
        "timers",
        "upgrade",
    )

    def __init__(
        self, engine: Engine, id: str, dialect: Dialect, sink: Sink, upgrade: Upgrade
    ) -> None:
        self.engine = engine
        self.hub: Hub = engine.hub
        self.id = id
        self.dialect = dialect
        self.sink = sink
        self.upgrade = upgrade
        self.phase = Phase.GUARDING
        self.identity: Identity | None = None
        self.state: dict[str, Any] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.gaps: dict[Subscription, Conflated | None] = {}
        self.successor: Connection | None = None
        self.last_seen = engine.schedule.monotonic()
        self.pinged = False
        self.early = 0
        self.agreement: Agreement | None = None
        self.opening: Opening | None = None
        self.inbox = Inbox(engine.settings.inbound_queue)
        self.outgoing = Outgoing(self)
        self.throttles: Throttles = engine.throttles()
        self.timers: dict[str, Timer] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    @property
    def user(self) -> Any:
        """Whatever the application calls its user; None for an anonymous client."""
        return None if self.identity is None else self.identity.user

    @property
    def user_id(self) -> str | None:
        return None if self.identity is None else self.identity.id

    @property
    def current(self) -> Connection:
        """The connection that the client's frames belong to."""
        return self.successor or self

    @property
    def is_open(self) -> bool:
        return self.phase is _OPEN

    @property
    def is_encrypted(self) -> bool:
        """Whether all that it is sent is sealed."""
        return self.agreement is not None and self.agreement.sealer is not None

    @property
    def is_ending(self) -> bool:
        phase = self.phase
        return phase is not _OPEN and (phase is Phase.CLOSING or phase is Phase.CLOSED)

    @property
    def is_full(self) -> bool:
        """Whether so much waits to be handled that nothing more should be read."""
        opening = self.opening
        return self.inbox.is_full or (opening is not None and opening.is_full)

    async def room(self) -> None:
        """Wait until it may be read on."""
        if self.opening is not None:
            await self.opening.room()
        await self.inbox.room()

    def admit(self, admitted: Admit) -> None:
        """Take over what the upgrade hook found out."""
        self.identify(Identity.of(admitted.identity))
        self.state.update(admitted.state)

    def identify(self, identity: Identity | None) -> None:
        """It belongs to *identity* from now on."""
        self.identity = identity
        if identity is not None:
            self.state.update(identity.state or {})

    def say(self, output: outputs.Output) -> None:
        """Tell the client, in its dialect."""
        if not self.is_ending:
            self.outgoing.say(output)

    def end(self, close: Close, reason: str, *, retry_after: float | None = None) -> None:
        """Say good-bye and close; later calls do nothing. Never raises."""
        if self.is_ending:
            return
        self.outgoing.say(outputs.Bye(close, reason, retry_after))
        self.phase = Phase.CLOSING
        self.hub.statistics.closed[close.name.lower()] += 1
        self.engine.log_end(self, close, reason)
        self.sink.close(self.dialect.close_code(close), reason)

    def set_timer(self, name: str, seconds: float, callback: Any) -> None:
        """Call *callback* later; another timer of the same name is forgotten."""
        self.cancel_timer(name)
        self.timers[name] = self.engine.schedule.call_later(seconds, callback)

    def cancel_timer(self, name: str) -> None:
        timer = self.timers.pop(name, None)
        if timer is not None:
            timer.cancel()

    def __repr__(self) -> str:
        who = "" if self.user_id is None else f" of {self.user_id}"
        return f"<Connection {self.id}{who}, {self.phase}>"
