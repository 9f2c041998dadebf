"""One websocket of an application in this process, without a socket.

Law: what an application sees is what a server would show it; whoever waits for a frame waits with a
deadline.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Self, cast

from velocious.errors import TestingError
from velocious.testing.deadline import within

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Scope


class Socket:
    """A client's end.

    ::

        async with client.socket("/realtime") as socket:
            await socket.says(type="sub", ch="board:1")
            await socket.hears("sub.ok")

    Attributes:
        frames: everything that came, JSON objects read.
        refused: the status of the HTTP answer that came in place of a socket.
        subprotocol: what the application chose.
        closed: code and reason, once the application has closed.
    """

    def __init__(self, app: ASGIApp, scope: Scope, timeout: float) -> None:
        self.frames: list[Any] = []
        self.refused: int | None = None
        self.subprotocol: str | None = None
        self.closed: tuple[int, str] | None = None
        self._app = app
        self._scope = scope
        self._timeout = timeout
        self._coming: asyncio.Queue[Message] = asyncio.Queue()
        self._moved = asyncio.Condition()
        self._is_open = False
        self._read = 0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._coming.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.create_task(self._run())
        await self._until(lambda: self._is_open or self._is_over, "was neither opened nor refused")
        if self._task.done() and not self._is_open and self.refused is None:
            await self._task
        return self

    async def __aexit__(self, *_given: object) -> None:
        assert self._task is not None
        self._coming.put_nowait({"type": "websocket.disconnect", "code": 1001})
        done, _ = await asyncio.wait([self._task], timeout=self._timeout)
        if not done:
            self._task.cancel()
            raise TestingError(f"{self._scope['path']} went on after its client had gone.")
        await self._task

    async def sends(self, frame: str | bytes) -> None:
        """Send *frame* as it is."""
        key = "text" if isinstance(frame, str) else "bytes"
        self._coming.put_nowait({"type": "websocket.receive", key: frame})
        await asyncio.sleep(0)

    async def says(self, **message: Any) -> None:
        """Send a JSON object."""
        await self.sends(json.dumps(message))

    async def hears(self, kind: str | None = None) -> Any:
        """The next frame, or the next one whose ``type`` is *kind*; those before it are skipped.

        Raises:
            TestingError: none comes in time.
        """
        while True:
            wanted = "no frame came" if kind is None else f"no {kind!r} came"
            await self._until(lambda: self._read < len(self.frames) or self._is_over, wanted)
            if self._read == len(self.frames):
                raise TestingError(f"{self._scope['path']}: {wanted}, {self._end}: {self.frames}")
            frame = self.frames[self._read]
            self._read += 1
            if kind is None or _kind_of(frame) == kind:
                return frame

    async def ended(self) -> tuple[int, str]:
        """Code and reason of the application's close. Raises TestingError where none comes."""
        await self._until(lambda: self._is_over, "was not closed")
        if self.closed is None:
            raise TestingError(f"{self._scope['path']} was not closed, {self._end}.")
        return self.closed

    @property
    def _is_over(self) -> bool:
        is_done = self._task is not None and self._task.done()
        return is_done or self.closed is not None or self.refused is not None

    @property
    def _end(self) -> str:
        if self.refused is not None:
            return f"but an answer of {self.refused}"
        return f"but the close {self.closed}" if self.closed else "but the application has ended"

    async def _until(self, happened: Any, otherwise: str) -> None:
        late = f"{self._scope['path']}: {otherwise} within {self._timeout:g} s: {self.frames}"
        async with within(self._timeout, late), self._moved:
            await self._moved.wait_for(happened)

    async def _run(self) -> None:
        try:
            await self._app(self._scope, self._coming.get, self._take)
        finally:
            # Let those who wait look once this task is done.
            asyncio.get_running_loop().call_soon(self._wake)

    def _wake(self) -> None:
        self._waking = asyncio.ensure_future(self._notify())

    async def _notify(self) -> None:
        async with self._moved:
            self._moved.notify_all()

    async def _take(self, message: Message) -> None:
        kind = message["type"]
        if kind == "websocket.accept":
            self._is_open = True
            self.subprotocol = message.get("subprotocol")
        elif kind == "websocket.send":
            text = message.get("text")
            self.frames.append(message["bytes"] if text is None else _read(text))
        elif kind == "websocket.http.response.start":
            self.refused = message["status"]
        elif kind == "websocket.close":
            code, reason = message.get("code", 1000), message.get("reason") or ""
            if self._is_open:
                self.closed = code, reason
                self._coming.put_nowait({"type": "websocket.disconnect", "code": code})
            else:
                # What servers answer to a close before the opening.
                self.refused = 403
        await self._notify()


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _kind_of(frame: Any) -> Any:
    return cast("dict[str, Any]", frame).get("type") if isinstance(frame, dict) else None
