"""What an application says to a client that wants to connect."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from velocious.errors import RealtimeError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from velocious.controller.session import Session
    from velocious.realtime.identity import Identity


@dataclass(frozen=True, slots=True)
class Admit:
    """Come in. *identity*: who it is, where cookies or headers say so; *state*: for handlers."""

    identity: Identity | None = None
    state: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Reject:
    """Stay out: an HTTP answer."""

    status: int = 401
    body: str = "Unauthorized"


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A request for a connection.

    Attributes:
        path: what was asked for.
        query: parameters of its query.
        headers: lower-case name → value.
        cookies: name → value.
        address: where it comes from, as far as trusted proxies say so.
        subprotocols: what the client offers, best first.
        scope: the ASGI scope, for what is not here.
        open_session: what opens the visitor's session.
    """

    path: str = "/"
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    cookies: Mapping[str, str] = field(default_factory=dict[str, str])
    address: str | None = None
    subprotocols: tuple[str, ...] = ()
    scope: Mapping[str, Any] = field(default_factory=dict[str, Any])
    open_session: Callable[[], Awaitable[Session]] | None = None

    @property
    def bearer(self) -> str | None:
        """The token of the header ``Authorization: Bearer …``."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() or None if kind.lower() == "bearer" else None

    async def session(self) -> Session:
        """The session of whoever asks, as controllers see it. It can be read, not written: a
        connection has no answer that could set a cookie.

        Raises:
            RealtimeError: nobody knows of sessions, because no application is asked.
        """
        if self.open_session is None:
            raise RealtimeError(
                "This request came to an engine without an application, so it has no session. "
                'Draw it with routes.realtime("/realtime", …) in app/config/routes.py.'
            )
        return await self.open_session()
