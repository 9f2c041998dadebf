"""Starts and stops the applications that are mounted, with the one that they are mounted in.

Law: an application that knows no such events is left alone, as servers do; one that says that it
could not start stops the start.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from velocious.errors import RoutingError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger("velocious.http")

STARTUP, SHUTDOWN = "lifespan.startup", "lifespan.shutdown"


class MountedApp:
    """A mounted application with its state, which its requests see."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self.app = app
        self.path = path
        self.state: dict[str, Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.state:
            scope["state"] = {**scope.get("state", {}), **self.state}
        await self.app(scope, receive, send)

    @asynccontextmanager
    async def living(self) -> AsyncGenerator[None]:
        """A block in which the application has been told that it runs.

        Raises:
            RoutingError: it answered that it could not start.
        """
        life = _Life()
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": self.state}
        task = asyncio.ensure_future(_run(self, scope, life))
        try:
            await life.said(STARTUP, task)
            try:
                yield
            finally:
                await life.said(SHUTDOWN, task)
            await task
        finally:
            # One that failed to start or to stop may still wait for more.
            task.cancel()


@asynccontextmanager
async def living(mounted: Iterable[MountedApp]) -> AsyncGenerator[None]:
    """A block in which all of *mounted* run; they stop in the reverse order."""
    async with AsyncExitStack() as stack:
        for one in mounted:
            await stack.enter_async_context(one.living())
        yield


class _Life:
    """Both ends of the conversation with one application."""

    def __init__(self) -> None:
        self._heard: asyncio.Queue[Message] = asyncio.Queue()
        self._answers: asyncio.Queue[Message] = asyncio.Queue()

    async def receive(self) -> Message:
        return await self._heard.get()

    async def send(self, message: Message) -> None:
        await self._answers.put(message)

    async def said(self, event: str, task: asyncio.Future[None]) -> None:
        """Say *event*, and wait for the answer or the application's end."""
        await self._heard.put({"type": event})
        answer = asyncio.ensure_future(self._answers.get())
        await asyncio.wait({answer, task}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            answer.cancel()
        elif answer.result()["type"] == f"{event}.failed":
            said = answer.result().get("message", "")
            raise RoutingError(f"A mounted application answered {event}.failed: {said}")


async def _run(mounted: MountedApp, scope: Scope, life: _Life) -> None:
    try:
        await mounted.app(scope, life.receive, life.send)
    except Exception as error:
        # Servers take it for "knows no such events", too.
        logger.info(
            "What is mounted at %s takes no part in starting and stopping (%s: %s)",
            mounted.path,
            type(error).__name__,
            error,
        )
