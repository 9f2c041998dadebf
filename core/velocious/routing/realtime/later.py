"""The application that an entrance stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from velocious.configuration import Configuration


class LaterApplication:
    """Made when it is first asked: it is not there yet when its entrance is."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._made: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._made is None:
            self._made = self._configuration.asgi()
        await self._made(scope, receive, send)
