"""Answers 503 at once when more requests run than a process should take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import Container

    from starlette.types import ASGIApp, Receive, Scope, Send


class Capacity:
    """ASGI middleware: at most *limit* requests run; those for the paths *always* are not counted,
    so that a busy server does not look like a dead one.
    """

    def __init__(self, app: ASGIApp, limit: int, always: Container[str]) -> None:
        self._app = app
        self._limit = limit
        self._always = always
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in self._always:
            await self._app(scope, receive, send)
            return
        if self._running >= self._limit:
            await _busy(scope, receive, send)
            return
        self._running += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._running -= 1


async def _busy(scope: Scope, receive: Receive, send: Send) -> None:
    response = PlainTextResponse(
        "The server is busy. Come back in a second.\n",
        503,
        {"Retry-After": "1", "Cache-Control": "no-store"},
    )
    await response(scope, receive, send)
