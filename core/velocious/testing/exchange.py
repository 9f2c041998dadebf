"""One request and its answer, between a client in this process and an ASGI application.

Law: what an application sees is what uvicorn would show it: every request is a task of its own,
a client that has gone is told by ``http.disconnect``, and what is sent to it then is dropped.
"""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from typing import TYPE_CHECKING

from velocious.errors import TestingError
from velocious.routing.failures import FAILURES

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from starlette.types import ASGIApp, Message, Scope

    from velocious.database.transaction import Transaction

    #: Whole, or in the pieces that it arrives in.
    type Body = bytes | AsyncIterator[bytes]


class Exchange:
    """Runs *app* for one request; :meth:`begin` first, then :meth:`pieces`, then :meth:`close`.

    Attributes:
        failures: the errors that the application turned into an answer of its own.
    """

    def __init__(
        self, app: ASGIApp, scope: Scope, body: Body, transaction: Transaction | None = None
    ) -> None:
        self.failures: list[Exception] = []
        self._app = app
        self._scope: Scope = {**scope, FAILURES: self.failures}
        self._body: Body | None = body
        self._transaction = transaction
        self._left: ConnectionError | None = None
        # One at a time, so that an application never runs ahead of who reads its answer.
        self._sent: asyncio.Queue[Message | None] = asyncio.Queue(maxsize=1)
        self._gone = asyncio.Event()
        self._expected: int | None = None
        self._task: asyncio.Task[None] | None = None

    async def begin(self) -> Message:
        """Start the application; the ``http.response.start`` of its answer.

        Raises:
            TestingError: it ended without an answer, or began with something else.
            ConnectionError: what the request's body raised, to go away in the middle of it.
            Exception: whatever the application let through.
        """
        self._task = asyncio.create_task(self._run())
        message = await self._sent.get()
        if message is None:
            await self._task
            if self._left is not None:
                raise self._left
            raise TestingError(f"{self._name} ended without an answer: nothing was sent.")
        if message["type"] != "http.response.start":
            raise TestingError(
                f"{self._name} sent {message['type']!r} where http.response.start comes first."
            )
        self._expected = self._announced(message)
        return message

    async def pieces(self) -> AsyncGenerator[bytes]:
        """The body as it is sent; at its end everything that the application does afterwards
        (background tasks) has been done, and what it raised is raised.
        """
        length, complete = 0, False
        while (message := await self._sent.get()) is not None:
            piece: bytes = message.get("body", b"")
            length += len(piece)
            complete = not message.get("more_body", False)
            if complete:
                self._gone.set()
            if piece and self._scope["method"] != "HEAD":
                yield piece
        assert self._task is not None
        await self._task
        self._check(length, complete)

    async def close(self, seconds: float) -> None:
        """Go away, and wait for the application to notice.

        Raises:
            TestingError: it went on for more than *seconds*; it is cancelled then.
            Exception: whatever it raised since.
        """
        self._gone.set()
        if self._task is None:
            return
        while not self._sent.empty():
            self._sent.get_nowait()
        _, pending = await asyncio.wait([self._task], timeout=seconds)
        if pending:
            await self.cancel()
            raise TestingError(
                f"{self._name} went on for {seconds:g} s after its client had gone. Wait with a "
                "timeout in the action, or look at `await request.is_disconnected()`."
            )
        await self._task

    async def cancel(self) -> None:
        """End the application at once, wherever it is."""
        self._gone.set()
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])

    @property
    def _name(self) -> str:
        return f"{self._scope['method']} {self._scope['path']}"

    async def _run(self) -> None:
        try:
            async with self._transaction.handed_over() if self._transaction else nullcontext():
                await self._app(self._scope, self._receive, self._send)
        finally:
            if not self._gone.is_set() or not self._sent.full():
                await self._sent.put(None)

    async def _receive(self) -> Message:
        body = self._body
        if body is None or self._gone.is_set():
            await self._gone.wait()
            return {"type": "http.disconnect"}
        if isinstance(body, bytes):
            self._body = None
            return {"type": "http.request", "body": body, "more_body": False}
        return await self._next_piece(body)

    async def _next_piece(self, body: AsyncIterator[bytes]) -> Message:
        try:
            piece = await anext(body, None)
        except ConnectionError as error:
            self._left = error
            self._gone.set()
            return {"type": "http.disconnect"}
        if piece is None:
            self._body = None
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def _send(self, message: Message) -> None:
        if self._gone.is_set():
            # Whoever sends without an end must get to know that nobody listens.
            await asyncio.sleep(0)
        else:
            await self._sent.put(message)

    def _announced(self, start: Message) -> int | None:
        for name, value in start.get("headers", ()):
            if name.lower() == b"content-length":
                return int(value)
        return None

    def _check(self, length: int, complete: bool) -> None:
        if not complete:
            raise TestingError(f"{self._name} ended in the middle of its answer.")
        if self._expected not in (None, length) and self._scope["method"] != "HEAD":
            raise TestingError(
                f"{self._name} announced Content-Length: {self._expected} and sent {length} bytes."
            )
