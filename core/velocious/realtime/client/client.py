"""``RealtimeClient``: stays connected, and keeps what was asked for."""

from __future__ import annotations

import asyncio
import logging
import random as randomness
from collections import deque
from typing import TYPE_CHECKING, Any, Self

from velocious.errors import (
    ConnectFailedError,
    NotConnectedError,
    RemoteFault,
    SendBufferFullError,
    SocketClosedError,
)
from velocious.realtime.client.backoff import Backoff
from velocious.realtime.client.channel import ClientChannel, Standing
from velocious.realtime.client.pausing import pause, within
from velocious.realtime.client.session import Session
from velocious.realtime.client.state import ClientState
from velocious.realtime.client.transport import AlwaysThere
from velocious.realtime.names import Privacy, privacy_of
from velocious.realtime.schedule import LoopSchedule

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from velocious.realtime.client.transport import Connector, Network, Socket
    from velocious.realtime.schedule import Schedule

    #: What to say about who we are; asked anew for each connection, since tokens end.
    type Credentials = Callable[[], Awaitable[Mapping[str, Any]]]
    #: Gets the connection's id and a channel; returns ``auth``, and ``channel_data`` of a member.
    type Authorize = Callable[[str, str], Awaitable[Mapping[str, Any] | None]]

logger = logging.getLogger("velocious.realtime.client")

SUBPROTOCOLS = ("velocious.v1",)


class RealtimeClient:
    """A client of the native dialect.

    ::

        async with RealtimeClient("wss://example.com/realtime", connector) as client:
            board = await client.channel("board:1").subscribe()
            board.on("task.moved", lambda heard: print(heard.data))
            await client.call("task.move", {"id": 7})

    Arguments:
        url: of the server.
        connector: opens sockets: ``velocious_node.realtime.WebsocketConnector()`` or
            ``velocious_browser.realtime.WebsocketConnector()``.
        credentials: what to say about who we are; asked anew for each connection.
        authorize: asked for the signature of private and presence channels, where the server wants
            one.
        headers: sent with the request; browsers cannot.
        send_buffer: messages that may wait for a connection.
        timeout: seconds for opening a connection, and for being taken.
        stable: seconds after which a connection counts as a success.

    Attributes:
        state: what it is doing.
        cid: the connection's id; empty without one.
        user: who the server says we are; None for nobody.
        reason: why it is not connected any more.
    """

    def __init__(
        self,
        url: str,
        connector: Connector,
        *,
        credentials: Credentials | None = None,
        authorize: Authorize | None = None,
        headers: Mapping[str, str] | None = None,
        network: Network | None = None,
        schedule: Schedule | None = None,
        chance: Callable[[], float] = randomness.random,
        send_buffer: int = 100,
        timeout: float = 10.0,
        stable: float = 5.0,
    ) -> None:
        self.url = url
        self.state = ClientState.DISCONNECTED
        self.cid = ""
        self.user: str | None = None
        self.reason = ""
        self.schedule = schedule or LoopSchedule()
        self._connector = connector
        self._credentials = credentials
        self._authorize = authorize
        self._headers = dict(headers or {})
        self._network = network or AlwaysThere()
        self._backoff = Backoff(chance)
        self._most = send_buffer
        self._timeout = timeout
        self._stable = stable
        self._channels: dict[str, ClientChannel] = {}
        self._calls: dict[int, asyncio.Future[Any]] = {}
        self._buffer: deque[dict[str, Any]] = deque()
        self._count = 0
        self._session: Session | None = None
        self._task: asyncio.Task[None] | None = None
        self._joins: set[asyncio.Task[None]] = set()
        self._watchers: list[Callable[[ClientState], object]] = []

    # Beginning and ending

    async def connect(self) -> None:
        """Connect, and return once that is done.

        Raises:
            NotConnectedError: the server said not to come back.
        """
        self.start()
        await self._until(ClientState.CONNECTED)

    def start(self) -> None:
        """Begin to connect, and stay connected."""
        if self._task is None or self._task.done():
            self._backoff.reset()
            self._task = asyncio.get_running_loop().create_task(self._stay())

    async def close(self) -> None:
        """Disconnect, and stay away; safe to call twice. What waits is given up."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._give_up("The client was closed.")

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def on_state(self, watcher: Callable[[ClientState], object]) -> Callable[[], None]:
        """Call *watcher* with each new state. Returns what ends that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher) if watcher in self._watchers else None

    # Talking

    def channel(self, name: str, params: dict[str, Any] | None = None) -> ClientChannel:
        """The channel *name*; the same object each time."""
        known = self._channels.get(name)
        return known or ClientChannel(self, name, params or {})

    async def call(self, name: str, data: Any = None, *, timeout: float | None = 15.0) -> Any:
        """The reply of the server's handler for messages of type *name*.

        Raises:
            RemoteFault: the handler says no, or there is none.
            NotConnectedError: the connection ended before the answer: nobody knows whether it was
                done.
            TimeoutError: no answer came in time.
            SendBufferFullError: too much waits for a connection.
        """
        self._count += 1
        id = self._count
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._calls[id] = answer
        try:
            self.send({"type": "call", "id": id, "name": name, "data": data})
            if timeout is None:
                return await answer
            return await within(self.schedule, timeout, answer)
        finally:
            self._calls.pop(id, None)

    def send(self, frame: dict[str, Any]) -> None:
        """Send a frame of the native dialect, now or once there is a connection.

        Raises:
            SendBufferFullError: too much waits for one.
        """
        if self._session is not None and self.state is ClientState.CONNECTED:
            self._session.send(frame)
            return
        if len(self._buffer) >= self._most:
            raise SendBufferFullError(self._most)
        self._buffer.append(frame)

    # What channels need

    def join(self, channel: ClientChannel) -> None:
        """*channel* is to be heard, now and after each reconnect."""
        self._channels[channel.name] = channel
        if self.state is ClientState.CONNECTED and channel.standing is not Standing.ASKED:
            self._ask(channel)

    def part(self, channel: ClientChannel) -> None:
        """*channel* is not to be heard any more."""
        if self._channels.pop(channel.name, None) is None:
            return
        known = channel.standing in (Standing.IN, Standing.ASKED)
        channel.standing = Standing.OUT
        if known and self._session is not None and self.state is ClientState.CONNECTED:
            self._session.send({"type": "unsub", "ch": channel.name})

    def _ask(self, channel: ClientChannel) -> None:
        channel.standing = Standing.ASKED
        session = self._session
        if session is None:
            return
        frame: dict[str, Any] = {"type": "sub", "ch": channel.name}
        if channel.params:
            frame["params"] = channel.params
        if channel.position is not None:
            frame["since"] = channel.position
        if self._authorize is None or privacy_of(channel.name) is Privacy.PUBLIC:
            session.send(frame)
            return
        task = asyncio.get_running_loop().create_task(self._ask_signed(session, channel, frame))
        self._joins.add(task)
        task.add_done_callback(self._joins.discard)

    async def _ask_signed(
        self, session: Session, channel: ClientChannel, frame: dict[str, Any]
    ) -> None:
        assert self._authorize is not None
        try:
            signed = await self._authorize(session.cid, channel.name)
        except Exception as error:
            logger.exception("The signature for %s could not be had", channel.name)
            refusal = {"code": "not_signed", "message": str(error), "status": 403}
            channel.refused(refusal)
            return
        if signed is not None:
            frame["token"] = signed.get("auth")
            if signed.get("channel_data") is not None:
                frame["member"] = signed["channel_data"]
        if session is self._session:
            session.send(frame)

    # Staying connected

    async def _stay(self) -> None:
        try:
            while True:
                await self._wait_for_network()
                wait = await self._connect_once()
                if wait is None:
                    break
                self._set(ClientState.WAITING)
                await pause(self.schedule, wait)
        finally:
            self._session = None
            self.cid = ""
            self._set(ClientState.DISCONNECTED)
        self._give_up(self.reason or "The server said not to come back.")

    async def _wait_for_network(self) -> None:
        if not self._network.is_there:
            self._set(ClientState.OFFLINE)
            await self._network.wait()

    async def _connect_once(self) -> float | None:
        """One connection, until it ends. Returns the seconds until the next; None: none."""
        self._set(ClientState.CONNECTING)
        try:
            socket = await self._open()
        except (ConnectFailedError, TimeoutError) as error:
            self.reason = str(error) or "no answer"
            status = getattr(error, "status", None)
            # Refused for good, as far as we know: asking again and again would not help.
            return None if status in (400, 401, 403, 404) else self._backoff.next()
        session = Session(socket, self.schedule, self._receive)
        try:
            await self._talk(session)
        finally:
            self._cut()
            await session.close()
        ending = session.ending
        self.reason = ending.reason
        if ending.held:
            self._backoff.reset()
        return self._backoff.next(ending.retry_after) if ending.reconnect else None

    async def _open(self) -> Socket:
        return await within(
            self.schedule,
            self._timeout,
            self._connector.connect(self.url, subprotocols=SUBPROTOCOLS, headers=self._headers),
        )

    async def _talk(self, session: Session) -> None:
        try:
            await session.begin(self._credentials, self._timeout)
        except SocketClosedError as closed:
            session.note_close(closed)
            return
        except TimeoutError:
            session.ending.reason = "no answer"
            return
        except Exception as error:
            # The application's own function for credentials failed: next time it may not.
            logger.exception("The credentials could not be had")
            session.ending.reason = str(error)
            return
        self._session = session
        self.cid = session.cid
        self.reason = ""
        self._set(ClientState.CONNECTED)
        # First what is listened to, so that nothing that is said now is missed.
        for channel in list(self._channels.values()):
            if channel.standing is not Standing.REFUSED:
                self._ask(channel)
        while self._buffer and self._session is session:
            session.send(self._buffer.popleft())
        await session.run(self._stable)

    def _cut(self) -> None:
        """The connection has ended: nobody answers what was asked on it."""
        self._session = None
        self.cid = ""
        for channel in self._channels.values():
            channel.cut()
        calls, self._calls = self._calls, {}
        buffered = {frame.get("id") for frame in self._buffer}
        for id, answer in calls.items():
            if id in buffered:
                self._calls[id] = answer
            elif not answer.done():
                answer.set_exception(
                    NotConnectedError("The connection ended before the answer came.")
                )

    def _give_up(self, reason: str) -> None:
        self._buffer.clear()
        self._cut()
        error = NotConnectedError(reason)
        for channel in list(self._channels.values()):
            channel.given_up(error)
        self._set(ClientState.DISCONNECTED)

    # What comes in

    def _receive(self, frame: dict[str, Any]) -> None:
        kind = frame.get("type")
        if kind == "ready":
            self.user = frame.get("user")
            return
        channel = self._channels.get(frame["ch"]) if isinstance(frame.get("ch"), str) else None
        if kind == "error" and channel is not None and channel.standing is Standing.ASKED:
            channel.refused(frame)
        elif kind in ("reply", "error"):
            self._answer(frame)
        elif channel is not None and kind == "event":
            channel.event(frame)
        elif channel is not None and kind == "sub.ok":
            channel.confirmed(frame)
        elif channel is not None and kind == "resync":
            channel.resync(frame)

    def _answer(self, frame: dict[str, Any]) -> None:
        id = frame.get("id")
        answer = self._calls.get(id) if isinstance(id, int) else None
        if answer is None or answer.done():
            if frame.get("type") == "error":
                logger.warning("The server says: %s", frame.get("message"))
        elif frame.get("type") == "reply":
            answer.set_result(frame.get("data"))
        else:
            status = frame.get("status")
            answer.set_exception(
                RemoteFault(
                    str(frame.get("code")),
                    str(frame.get("message")),
                    status if isinstance(status, int) else 400,
                )
            )

    # States

    def _set(self, state: ClientState) -> None:
        if state is self.state:
            return
        self.state = state
        for watcher in list(self._watchers):
            try:
                watcher(state)
            except Exception:
                logger.exception("A watcher of the client's state failed")

    async def _until(self, wanted: ClientState) -> None:
        loop = asyncio.get_running_loop()
        reached: asyncio.Future[None] = loop.create_future()

        def look(state: ClientState) -> None:
            if not reached.done() and state in (wanted, ClientState.DISCONNECTED):
                reached.set_result(None)

        ended = self.on_state(look)
        try:
            if self.state is not wanted:
                await reached
        finally:
            ended()
        if self.state is not wanted:
            raise NotConnectedError(self.reason or "The client was closed.")
