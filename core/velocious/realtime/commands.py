"""What a client can ask for, whatever dialect it says it in.

Law: values as a dialect read them from a frame: types checked, nothing authorized.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: What a client calls a request, echoed in its answer; never made up.
type RequestId = str | int | None


@dataclass(frozen=True, slots=True)
class Authenticate:
    """Say who you are. *credentials*: all that the frame had beside its type and id."""

    credentials: dict[str, Any]
    id: RequestId = None


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Hear of *channel*.

    Attributes:
        alias: what the client calls the subscription; the channel's name where it has no word of
            its own for it.
        token: a signature of the authorization endpoint.
        member: unsigned words of the client about itself; never believed, kept for dialects that
            sign them (``channel_data``).
        since: the position after which to go on.
    """

    channel: str
    id: RequestId = None
    alias: str | None = None
    token: str | None = None
    member: str | None = None
    since: str | None = None
    params: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    channel: str
    id: RequestId = None
    alias: str | None = None


# Not frozen, which takes three times as long: one is made for each message.
@dataclass(slots=True)
class Call:
    """A message of an application's own type; a handler's result is the reply.

    Attributes:
        channel: the alias of the subscription that it is for; None for the application itself.
        frame: the frame that it came in, for dialects that leave to the application's handler of
            raw messages what nobody else handles.
    """

    name: str
    data: Any = None
    id: RequestId = None
    channel: str | None = None
    frame: str | bytes | None = None


@dataclass(frozen=True, slots=True)
class ClientEvent:
    """Tell the others in *channel*."""

    channel: str
    event: str
    data: Any = None
    id: RequestId = None


@dataclass(frozen=True, slots=True)
class Ping:
    """Are you there?"""

    id: RequestId = None


@dataclass(frozen=True, slots=True)
class Pong:
    """I am here."""

    id: RequestId = None


@dataclass(frozen=True, slots=True)
class Raw:
    """A frame that the dialect leaves to the application."""

    data: str | bytes
    id: RequestId = None


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request. *body*: text, or a value that is sent as JSON."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: Any = None
    id: RequestId = None


@dataclass(frozen=True, slots=True)
class Resume:
    """Be the connection *session* again, whose transport was lost."""

    session: str
    id: RequestId = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the client says about itself, in place of what it said before."""

    data: dict[str, Any]
    id: RequestId = None


type Command = (
    Authenticate
    | Subscribe
    | Unsubscribe
    | Call
    | ClientEvent
    | Ping
    | Pong
    | Raw
    | Request
    | Resume
    | Metadata
)
