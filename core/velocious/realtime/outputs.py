"""What the engine has to say to one client; a dialect puts it into a frame, or leaves it unsaid."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from velocious.realtime.close_codes import Close
    from velocious.realtime.commands import RequestId
    from velocious.realtime.presence import Member


@dataclass(frozen=True, slots=True)
class Hello:
    """The first word. *heartbeat*: milliseconds of silence after which a ping is due."""

    cid: str
    heartbeat: int
    auth_required: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """Authenticated.

    Attributes:
        extra: what an encryption handshake has to add.
        asked: whether it answers a message of the client; else it was let in without one.
    """

    cid: str
    user: str | None
    id: RequestId = None
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])
    asked: bool = False
    epoch_ms: int = 0


@dataclass(frozen=True, slots=True)
class Subscribed:
    """Whatever is published from now on arrives.

    Attributes:
        members: who is there, in presence channels.
        me: the member that this connection is, in presence channels.
        position: where the channel's history stands, where it has one.
        recovered: whether nothing was missed since the position that the client named; None where
            it named none.
    """

    channel: str
    alias: str
    id: RequestId = None
    members: Sequence[Member] | None = None
    me: Member | None = None
    position: str | None = None
    recovered: bool | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """No subscription."""

    channel: str
    alias: str
    code: str
    message: str
    status: int = 403
    id: RequestId = None


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    channel: str
    alias: str
    id: RequestId = None


# Not frozen, which takes three times as long: one is made for each message.
@dataclass(slots=True)
class Reply:
    """The result of a call.

    Attributes:
        silent: there was none.
        channel: the alias of the subscription that the call was for.
    """

    name: str
    data: Any
    id: RequestId = None
    silent: bool = False
    channel: str | None = None
    epoch_ms: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """What the client asked for did not happen.

    Attributes:
        name: the type of the call that it answers.
        channel: the channel that it is about.
    """

    code: str
    message: str
    status: int = 400
    id: RequestId = None
    name: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Pinged:
    """The engine asks whether the client is there."""

    epoch_ms: int = 0


@dataclass(frozen=True, slots=True)
class Ponged:
    id: RequestId = None


@dataclass(frozen=True, slots=True)
class Resync:
    """Something of *channel* was lost: read what is there, then go on from *position*."""

    channel: str
    alias: str
    position: str | None = None
    epoch_ms: int = 0


@dataclass(frozen=True, slots=True)
class Responded:
    """The answer to an HTTP request."""

    status: int
    headers: Mapping[str, str | list[str]]
    body: str
    id: RequestId = None


@dataclass(frozen=True, slots=True)
class Resumed:
    """The connection *cid* goes on; what it was told meanwhile follows."""

    cid: str


@dataclass(frozen=True, slots=True)
class Gone:
    """There is no connection *cid* to go on with."""

    cid: str


@dataclass(frozen=True, slots=True)
class Bye:
    """The last word before a close. *retry_after*: seconds to stay away."""

    close: Close
    reason: str
    retry_after: float | None = None


type Output = (
    Hello
    | Ready
    | Subscribed
    | Refused
    | Unsubscribed
    | Reply
    | Failure
    | Pinged
    | Ponged
    | Resync
    | Responded
    | Resumed
    | Gone
    | Bye
)
