"""Server-sent events: an answer that goes on for as long as its client listens.

Law: no field of an event can end its line, and silence is filled with comments, so that proxies
keep the connection and a client that is gone is noticed.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from velocious.realtime.sse.encoding import COMMENT, encode_event

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    Attributes:
        data: text, of several lines if need be, or any value, which is sent as JSON.
        event: its kind, which the page listens for; None for "message".
        id: what the client sends as Last-Event-ID when it connects again.
        retry: how long the client waits before that, in milliseconds.
    """

    data: Any = ""
    event: str | None = None
    id: str | None = None
    retry: int | None = None

    def encode(self) -> bytes:
        """The event as it is sent. Raises RenderError for a field that holds a line break."""
        text = self.data if isinstance(self.data, str) else _json(self.data)
        return encode_event(text, event=self.event, id=self.id, retry=self.retry)


async def encoded_events(
    events: AsyncIterable[Event | str], heartbeat: float | None
) -> AsyncGenerator[bytes]:
    """What is sent for *events*: a comment at once, so that the client knows that it is connected,
    then each as it comes.
    """
    yield b": connected\n\n"
    iterator = aiter(events)
    try:
        async for event in _with_silence(iterator, heartbeat):
            if event is None:
                yield COMMENT
            else:
                yield (event if isinstance(event, Event) else Event(event)).encode()
    finally:
        close: Any = getattr(iterator, "aclose", None)
        if close is not None:
            await close()


async def _with_silence(
    events: AsyncIterator[Event | str], seconds: float | None
) -> AsyncGenerator[Event | str | None]:
    """*events*, and None for each time that none has come for *seconds*."""
    coming: asyncio.Task[Event | str] | None = None
    try:
        while True:
            coming = coming or asyncio.create_task(_next(events))
            done, _ = await asyncio.wait((coming,), timeout=seconds)
            if not done:
                yield None
                continue
            finished, coming = coming, None
            try:
                event = finished.result()
            except StopAsyncIteration:
                return
            yield event
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.wait((coming,))


async def _next(events: AsyncIterator[Event | str]) -> Event | str:
    return await anext(events)


def _json(value: Any) -> str:
    # Imported here: events of plain text need no records.
    from velocious.controller.encoding import to_json

    return to_json(value).decode()
