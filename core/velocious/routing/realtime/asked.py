"""One HTTP request to an address beside a socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from velocious.controller.body.body import Limits, body_params
from velocious.errors import ForgeryError, MalformedRequestError
from velocious.routing.realtime.sessions import read_upgrade

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

    from velocious.configuration import Configuration
    from velocious.controller.csrf.guard import ForgeryGuard
    from velocious.realtime.engine import Engine
    from velocious.realtime.upgrade import Upgrade

#: Bytes and names of a body: all that is said in one is an id and some channels.
BODY, NAMES = 64 * 1024, 512


class Asked:
    """A request, and the way to answer it.

    Attributes:
        engine: what it is about.
        scope: as the server gave it.
        upgrade: as the upgrade hook sees it.
    """

    def __init__(
        self,
        configuration: Configuration,
        engine: Engine,
        guard: ForgeryGuard,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        self.configuration = configuration
        self.engine = engine
        self.scope = scope
        self.receive = receive
        self.send = send
        self.upgrade: Upgrade = read_upgrade(configuration, scope)
        self._guard = guard

    def check_page(self) -> None:
        """Raise ForgeryError where a page of another site asks, or a form that could be of one."""
        if self._guard.needs_token(self.scope):
            raise ForgeryError(
                "A form with cookies came without an Origin, so nobody knows whose page sent it. "
                "Send JSON, or an Authorization header in place of cookies."
            )

    async def body(self) -> dict[str, Any]:
        """What the body says: a JSON object, or a form. Raises RequestError."""
        limits = Limits(BODY, BODY, 0, NAMES)
        found = await body_params(Request(self.scope, self.receive), limits, self.configuration)
        if not isinstance(found, dict):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise MalformedRequestError("The body is no object.")
        return found

    async def answer(self, status: int, data: Mapping[str, Any]) -> None:
        """Answer with JSON that no cache keeps."""
        response = JSONResponse(data, status, {"Cache-Control": "no-store"})
        await response(self.scope, self.receive, self.send)
