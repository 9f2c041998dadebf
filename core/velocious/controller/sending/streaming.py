"""Sends what comes piece by piece, for as long as somebody listens.

Law: the next piece is made when the last one has left, and the generator is closed at once when the
client goes away, however long it would have waited for more.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Callable, Coroutine, Mapping

    from starlette.types import Receive, Scope, Send

    #: Begins to make the pieces: called when they are needed, never for HEAD.
    type Pieces = Callable[[], AsyncIterable[bytes]]


class Stream(Response):
    """An answer whose body is made while it is sent."""

    def __init__(
        self,
        pieces: Pieces,
        status: int,
        headers: Mapping[str, str],
    ) -> None:
        self._pieces = pieces
        self.status_code = status
        self.background = None
        self.raw_headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in headers.items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        if scope["method"] == "HEAD" or await _until_gone(_sending(self._pieces(), send), receive):
            await send({"type": "http.response.body", "body": b""})


async def encoded(pieces: AsyncIterable[bytes | str]) -> AsyncGenerator[bytes]:
    """*pieces*, texts among them as UTF-8."""
    try:
        async for piece in pieces:
            yield piece.encode() if isinstance(piece, str) else piece
    finally:
        close: Any = getattr(pieces, "aclose", None)
        if close is not None:
            await close()


async def _sending(pieces: AsyncIterable[bytes], send: Send) -> None:
    try:
        async for piece in pieces:
            if piece:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                # Pieces that wait for nothing would let nobody else run, not even who notices that
                # the client is gone.
                await asyncio.sleep(0)
    finally:
        close: Any = getattr(pieces, "aclose", None)
        if close is not None:
            await close()


async def _until_gone(sending: Coroutine[Any, Any, None], receive: Receive) -> bool:
    """Await *sending*; stop it when the client hangs up. Whether it came to its end."""
    sender = asyncio.create_task(sending)
    watcher = asyncio.create_task(_gone(receive))
    try:
        await asyncio.wait((sender, watcher), return_when=asyncio.FIRST_COMPLETED)
    finally:
        watcher.cancel()
        if not sender.done():
            sender.cancel()
        with suppress(asyncio.CancelledError):
            await sender
        with suppress(asyncio.CancelledError):
            await watcher
    return not sender.cancelled()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
