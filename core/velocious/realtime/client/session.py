"""One connection of a client, from its first frame to its last.

Law: a session is used once. What comes late of an older one finds nobody, for it has ended before
the next one begins.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from velocious.errors import RemoteFault, SocketClosedError
from velocious.realtime.client.frame import read_frame
from velocious.realtime.client.pausing import within
from velocious.realtime.client.staying import seconds_asked
from velocious.realtime.publication import to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.realtime.client.transport import Socket
    from velocious.realtime.schedule import Schedule, Timer

logger = logging.getLogger("velocious.realtime.client")

#: Characters of a frame that is read; a server of ours sends none that is longer.
LONGEST = 4 * 1024 * 1024
#: Seconds that the answer to a question may take that was asked because the network has changed.
PATIENCE = 5.0
#: Close codes after which only a person can help: refused, unauthenticated, sent away.
FINAL = frozenset({1008, 4001, 4003, 4004, 4006, 4400})


@dataclass(slots=True)
class Ending:
    """How a session ended.

    Attributes:
        reconnect: whether coming back may help.
        retry_after: seconds that the server wants us to stay away.
        held: whether it was open for long enough to count as a success.
    """

    code: int = 1006
    reason: str = ""
    reconnect: bool = True
    retry_after: float = 0.0
    held: bool = False


class Session:
    """Frames over one socket."""

    def __init__(
        self, socket: Socket, schedule: Schedule, receive: Callable[[dict[str, Any]], None]
    ) -> None:
        self.cid = ""
        self.ending = Ending()
        self._socket = socket
        self._schedule = schedule
        self._receive = receive
        self._last = schedule.monotonic()
        self._heartbeat = 25.0
        self._timer: Timer | None = None
        self._check: Timer | None = None
        self._outbox: asyncio.Queue[str] = asyncio.Queue()

    def send(self, frame: dict[str, Any]) -> None:
        """Send *frame* behind what was sent before."""
        self._outbox.put_nowait(to_json(frame))

    async def begin(self, credentials: Any, seconds: float) -> None:
        """Say who we are, and wait until the server takes us.

        Raises:
            SocketClosedError: it does not.
            TimeoutError: it says nothing for *seconds*.
        """
        await within(self._schedule, seconds, self._begin(credentials))

    async def _begin(self, credentials: Any) -> None:
        hello = await self._next("hello")
        self.cid = str(hello.get("cid", ""))
        self._heartbeat = float(hello.get("heartbeat") or 25_000) / 1000
        if hello.get("auth") == "required":
            given: dict[str, Any] = {} if credentials is None else await credentials()
            await self._socket.send(to_json({"type": "auth", **given}))
        self._receive(await self._next("ready"))

    async def _next(self, kind: str) -> dict[str, Any]:
        while True:
            frame = self._read(await self._socket.receive())
            if frame is None:
                continue
            if frame.get("type") == kind:
                return frame
            if frame.get("type") == "bye":
                self._note_bye(frame)
            elif frame.get("type") == "error" and kind == "ready":
                problem = RemoteFault(
                    str(frame.get("code")), str(frame.get("message")), _status(frame)
                )
                self.ending.reason = str(problem)

    async def run(self, stable_seconds: float) -> None:
        """Read and write until the connection ends; never raises but for a cancel."""
        opened = self._schedule.monotonic()
        writer = asyncio.ensure_future(self._write())
        self._look_later()
        try:
            while True:
                frame = self._read(await self._socket.receive())
                if frame is not None:
                    self._take(frame)
        except SocketClosedError as closed:
            self.note_close(closed)
        finally:
            self.ending.held = self._schedule.monotonic() - opened >= stable_seconds
            writer.cancel()
            for timer in (self._timer, self._check):
                if timer is not None:
                    timer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    async def close(self) -> None:
        await self._socket.close()

    async def _write(self) -> None:
        try:
            while True:
                await self._socket.send(await self._outbox.get())
        except SocketClosedError:
            # The reader learns of it too, and ends the session.
            return

    def _take(self, frame: dict[str, Any]) -> None:
        kind = frame.get("type")
        if kind == "ping":
            self.send({"type": "pong"})
        elif kind == "bye":
            self._note_bye(frame)
        elif kind != "pong":
            self._receive(frame)

    def _read(self, data: str | bytes) -> dict[str, Any] | None:
        self._last = self._schedule.monotonic()
        if isinstance(data, bytes) or len(data) > LONGEST:
            logger.warning("A frame of %d bytes was left out: it is not one of ours", len(data))
            return None
        return read_frame(data)

    # How it ends

    def _note_bye(self, frame: dict[str, Any]) -> None:
        self.ending.reconnect = frame.get("reconnect") is not False
        self.ending.retry_after = seconds_asked(frame.get("retry_after"))

    def note_close(self, closed: SocketClosedError) -> None:
        """The socket has ended."""
        self.ending.code = closed.close_code
        self.ending.reason = closed.reason or self.ending.reason
        if closed.close_code in FINAL:
            self.ending.reconnect = False

    # Silence

    def check(self) -> None:
        """Ask now whether the server is there, and give the socket up where it does not answer."""
        asked = self._schedule.monotonic()
        self.send({"type": "ping"})
        if self._check is not None:
            self._check.cancel()
        self._check = self._schedule.call_later(PATIENCE, partial(self._judge, asked))

    def _judge(self, asked: float) -> None:
        if self._last < asked:
            self._break_off()

    def _break_off(self) -> None:
        # Nobody answers: what the socket says about itself is not to be waited for.
        self.ending.reason = "no answer"
        asyncio.ensure_future(self._socket.close(4002, "no answer"))

    def _look_later(self) -> None:
        self._timer = self._schedule.call_later(self._heartbeat / 2, self._look)

    def _look(self) -> None:
        silence = self._schedule.monotonic() - self._last
        if silence >= self._heartbeat * 2:
            self._break_off()
            return
        if silence >= self._heartbeat:
            self.send({"type": "ping"})
        self._look_later()


def _status(frame: dict[str, Any]) -> int:
    status = frame.get("status")
    return status if isinstance(status, int) else 400
