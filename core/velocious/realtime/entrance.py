"""``Entrance``: what ``routes.realtime(…)`` says about the connections of one path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from velocious.realtime.connection import Connection
    from velocious.realtime.dialects.base import Dialect
    from velocious.realtime.engine import (
        Authenticate,
        Handshake,
        OnConnection,
        OnMessage,
        OnUpgrade,
    )
    from velocious.realtime.registry import MessageRegistry
    from velocious.realtime.router import SocketRouter


class EntranceOptions(TypedDict, total=False):
    """What ``routes.realtime`` takes beside the dialects; see :class:`Entrance`."""

    upgrade: OnUpgrade | None
    authenticate: Authenticate | None
    handshake: Handshake | None
    recheck: Callable[[Connection], Awaitable[bool]] | None
    messages: MessageRegistry | None
    routers: Sequence[SocketRouter | type[SocketRouter]]
    requests: bool
    on_open: OnConnection | None
    on_message: OnMessage | None
    on_close: OnConnection | None


# Two entrances are never the same one, whatever they say: each has connections of its own.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entrance:
    """Who comes in by one path, and how they talk.

    Attributes:
        dialects: names of dialects, or dialects; the first one is for clients that ask for none.
        upgrade: decides by the request: it returns :class:`~velocious.realtime.Admit`.
        authenticate: decides by the first message.
        handshake: exchanges keys.
        recheck: whether a user is still welcome.
        messages: handlers by type of message.
        routers: routers of messages, or their classes.
        requests: whether clients may send HTTP requests through their websockets, where their
            dialect has such; the application answers them as all others.
        on_open: called with a connection that is open.
        on_message: called with a connection and a frame that its dialect leaves to it.
        on_close: called with a connection that has ended.
    """

    dialects: Sequence[str | Dialect] = ("native",)
    upgrade: OnUpgrade | None = None
    authenticate: Authenticate | None = None
    handshake: Handshake | None = None
    recheck: Callable[[Connection], Awaitable[bool]] | None = None
    messages: MessageRegistry | None = None
    routers: Sequence[SocketRouter | type[SocketRouter]] = ()
    requests: bool = False
    on_open: OnConnection | None = None
    on_message: OnMessage | None = None
    on_close: OnConnection | None = None
