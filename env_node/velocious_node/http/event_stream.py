"""Ends streams of events when the server stops: they would never end by themselves.

The browser's EventSource connects again by itself, to whatever runs then.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from velocious_node.http.stopping import Stopping


class EventStream:
    """One answer, to a client that asked for ``text/event-stream``."""

    def __init__(self, receive: Receive, send: Send, stopping: Stopping) -> None:
        self._receive = receive
        self._send = send
        self._stopping = stopping
        self._is_open = False

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        """Let *app* answer; it learns of the stop as of a client that leaves."""
        await app(scope, self._next_message, self._watched)
        if self._is_open:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _watched(self, message: Message) -> None:
        self._is_open = bool(message.get("more_body", True))
        await self._send(message)

    async def _next_message(self) -> Message:
        arrival = asyncio.ensure_future(_as_coroutine(self._receive()))
        stop = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait((arrival, stop), return_when=asyncio.FIRST_COMPLETED)
            return arrival.result() if arrival.done() else {"type": "http.disconnect"}
        finally:
            arrival.cancel()
            stop.cancel()


async def _as_coroutine(awaited: Any) -> Message:
    return await awaited
