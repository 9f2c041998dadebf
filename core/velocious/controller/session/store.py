"""The port for keeping sessions between requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from velocious.controller.cookies import Cookies
    from velocious.controller.session.state import SessionState


class SessionStore(Protocol):
    """Where sessions are between requests; one for each request."""

    async def fetch(self, cookies: Cookies) -> None:
        """Get whatever :meth:`read` needs that cannot be had at once."""
        ...

    def read(self, cookies: Cookies) -> SessionState | None:
        """The session that came with the request; None where there is none, or none any more."""
        ...

    async def write(self, cookies: Cookies, state: SessionState, replaced: str | None) -> None:
        """Keep *state*; *replaced* is the id it had when it was read, if another."""
        ...

    async def forget(self, cookies: Cookies, id: str) -> None:
        """End the session called *id*."""
        ...
