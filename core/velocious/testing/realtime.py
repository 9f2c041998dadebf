"""Clients of a realtime engine for tests: no sockets, no waiting.

::

    time = ManualSchedule()
    engine = Engine(schedule=time, channels=[BoardChannel])
    ann = Participant(engine)
    await ann.says(type="sub", id=1, ch="board:1")
    assert ann.heard("sub.ok")["ch"] == "board:1"
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import ConnectFailedError, SocketClosedError
from velocious.realtime.dialects.native import NativeDialect
from velocious.realtime.sink import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from velocious.realtime.client.transport import Network
    from velocious.realtime.dialects.base import Dialect
    from velocious.realtime.engine import Engine
    from velocious.realtime.upgrade import Admit, Upgrade

#: One dialect for all participants that do not bring their own: they share what is encoded.
NATIVE = NativeDialect()


@dataclass(slots=True)
class _Call:
    due: float
    callback: Callable[[], object]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


class ManualSchedule:
    """Time that passes when a test says so."""

    def __init__(self, epoch_ms: int = 1_750_000_000_000) -> None:
        self._now = 0.0
        self._began = epoch_ms
        self._calls: list[_Call] = []

    def monotonic(self) -> float:
        return self._now

    def epoch_ms(self) -> int:
        return self._began + round(self._now * 1000)

    def call_later(self, seconds: float, callback: Callable[[], object]) -> _Call:
        call = _Call(self._now + seconds, callback)
        self._calls.append(call)
        return call

    async def pass_by(self, seconds: float) -> None:
        """Let *seconds* pass: what is due happens in its order, and tasks run."""
        # What was set in motion before may ask to be called, too.
        await settle()
        end = self._now + seconds
        while True:
            self._calls = [call for call in self._calls if not call.cancelled]
            due = min((call for call in self._calls if call.due <= end), key=_due, default=None)
            if due is None:
                break
            self._calls.remove(due)
            self._now = max(self._now, due.due)
            due.callback()
            await settle()
        self._now = end
        await settle()


def _due(call: _Call) -> float:
    return call.due


async def settle() -> None:
    """Let tasks that wait for nothing but their turn run."""
    for _ in range(10):
        await asyncio.sleep(0)


class MemorySink:
    """Keeps the frames of one connection.

    Attributes:
        frames: what was written.
        closed: code and reason, once it is closed.
        room: how many more frames it takes; None for any number.
        on_drained: to be called by the test that made room again.
    """

    form = PLAIN
    buffered = 0

    def __init__(self) -> None:
        self.frames: list[str | bytes] = []
        self.closed: tuple[int, str] | None = None
        self.room: int | None = None
        self.on_drained: Callable[[], None] | None = None

    def write(self, frame: str | bytes, /) -> bool:
        if self.room is not None:
            if self.room <= 0:
                return False
            self.room -= 1
        self.force(frame)
        return True

    def force(self, frame: str | bytes, /) -> None:
        if isinstance(frame, str):
            # What is no text could not leave by a socket either.
            frame.encode()
        self.frames.append(frame)

    def close(self, code: int, reason: str) -> None:
        if self.closed is None:
            self.closed = (code, reason)


class Participant:
    """A client.

    Attributes:
        connection: what the engine makes of it.
        sink: what it was sent.
    """

    def __init__(
        self,
        engine: Engine,
        dialect: Dialect = NATIVE,
        *,
        upgrade: Upgrade | None = None,
        admitted: Admit | None = None,
    ) -> None:
        self.engine = engine
        self.sink = MemorySink()
        self.connection = engine.connect(dialect, self.sink, upgrade, admitted)

    async def sends(self, frame: str | bytes) -> None:
        """Send *frame* as it is."""
        self.engine.receive(self.connection, frame)
        await settle()

    async def says(self, **message: Any) -> None:
        """Send a JSON object."""
        await self.sends(json.dumps(message, ensure_ascii=False))

    async def leaves(self) -> None:
        """Go away without a word."""
        await self.engine.disconnected(self.connection)
        await settle()

    @property
    def frames(self) -> list[Any]:
        """Everything it was sent, read as JSON where it is text."""
        return [json.loads(one) if isinstance(one, str) else one for one in self.sink.frames]

    def all_heard(self, kind: str) -> list[Any]:
        """The frames of type *kind*."""
        return [one for one in self._objects() if one.get("type") == kind]

    def _objects(self) -> list[dict[str, Any]]:
        return [cast("dict[str, Any]", one) for one in self.frames if isinstance(one, dict)]

    def heard(self, kind: str) -> Any:
        """The last frame of type *kind*. Raises AssertionError where there is none."""
        found = self.all_heard(kind)
        assert found, f"No {kind!r} among {self.frames}"
        return found[-1]

    @property
    def closed(self) -> tuple[int, str] | None:
        """Code and reason of the close, once the engine has closed."""
        return self.sink.closed


class MemoryConnector:
    """Connects :class:`~velocious.realtime.client.RealtimeClient` with an engine in the same
    process.

    Attributes:
        sockets: those that are open.
        opened: how many were opened so far.
        network: what it knows of the network; nothing by default.
        refuses: a status with which connections are refused; 0 where nobody is there at all; None
            where they are taken.
    """

    def __init__(
        self, engine: Engine, dialect: Dialect = NATIVE, upgrade: Upgrade | None = None
    ) -> None:
        self.sockets: list[MemorySocket] = []
        self.opened = 0
        self.refuses: int | None = None
        self.network: Network | None = None
        self._engine = engine
        self._dialect = dialect
        self._upgrade = upgrade

    async def connect(
        self, url: str, *, subprotocols: Sequence[str], headers: Mapping[str, str]
    ) -> MemorySocket:
        if self.refuses is not None:
            raise ConnectFailedError(url, "refused by the test", self.refuses or None)
        self.opened += 1
        socket = MemorySocket(self, self._engine, self._dialect, self._upgrade)
        self.sockets.append(socket)
        return socket

    async def cut(self) -> None:
        """End all connections as a broken network does: the server finds out, the clients too."""
        for socket in list(self.sockets):
            await socket.end(1006, "")


class MemorySocket:
    """A client's end of a connection in memory."""

    def __init__(
        self,
        connector: MemoryConnector,
        engine: Engine,
        dialect: Dialect,
        upgrade: Upgrade | None = None,
    ) -> None:
        self._connector = connector
        self._engine = engine
        self._frames: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self._closed: tuple[int, str] | None = None
        #: Whether the server hears nothing, and is not heard, and neither knows.
        self.is_dead = False
        self._connection = engine.connect(dialect, _SocketSink(self), upgrade)

    async def send(self, frame: str | bytes) -> None:
        self._raise_closed()
        if not self.is_dead:
            self._engine.receive(self._connection, frame)

    async def receive(self) -> str | bytes:
        frame = await self._frames.get()
        if frame is None:
            # For whoever asks again.
            self._frames.put_nowait(None)
            self._raise_closed()
            raise AssertionError("a closed socket has a reason")
        return frame

    async def close(self, code: int = 1000, reason: str = "") -> None:
        await self.end(code, reason)

    async def end(self, code: int, reason: str) -> None:
        """It has ended, whoever ended it."""
        self.closed_by_server(code, reason)
        await self._engine.disconnected(self._connection)

    def arrives(self, frame: str | bytes) -> None:
        """The server has sent *frame*."""
        if self._closed is None and not self.is_dead:
            self._frames.put_nowait(frame)

    def closed_by_server(self, code: int, reason: str) -> None:
        if self._closed is None:
            self._closed = (code, reason)
            self._frames.put_nowait(None)
            self._connector.sockets.remove(self)

    def _raise_closed(self) -> None:
        if self._closed is not None:
            raise SocketClosedError(*self._closed)


class _SocketSink:
    """The engine's way out to a client in memory."""

    form = PLAIN
    buffered = 0
    on_drained: Callable[[], None] | None = None

    def __init__(self, socket: MemorySocket) -> None:
        self._socket = socket

    def write(self, frame: str | bytes, /) -> bool:
        self._socket.arrives(frame)
        return True

    def force(self, frame: str | bytes, /) -> None:
        self._socket.arrives(frame)

    def close(self, code: int, reason: str) -> None:
        self._socket.closed_by_server(code, reason)
