"""``RealtimeClient``: stays connected, and keeps what was asked for."""

from __future__ import annotations

import asyncio
import logging
import random as randomness
from collections import deque
from typing import TYPE_CHECKING, Any

from velocious.errors import (
    ConnectFailedError,
    SendBufferFullError,
    SocketClosedError,
)
from velocious.realtime.client.answers import Answers
from velocious.realtime.client.channel import Standing
from velocious.realtime.client.pausing import within
from velocious.realtime.client.session import Session
from velocious.realtime.client.state import ClientState
from velocious.realtime.client.staying import FINAL_STATUSES, StayingConnected
from velocious.realtime.names import Privacy, privacy_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from velocious.realtime.client.answers import Response
    from velocious.realtime.client.channel import ClientChannel
    from velocious.realtime.client.transport import Connector, Network, Socket
    from velocious.realtime.message import Message
    from velocious.realtime.schedule import Schedule

    #: What to say about who we are; asked anew for each connection, since tokens end.
    type Credentials = Callable[[], Awaitable[Mapping[str, Any]]]
    #: Gets the connection's id and a channel; returns ``auth``, and ``channel_data`` of a member.
    type Authorize = Callable[[str, str], Awaitable[Mapping[str, Any] | None]]

logger = logging.getLogger("velocious.realtime.client")

SUBPROTOCOLS = ("velocious.v1",)


class RealtimeClient(StayingConnected):
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
        network: whether there is a network; by default the connector is asked, and where it does
            not know, it is tried.
        stable: seconds after which a connection counts as a success.
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
        super().__init__(connector, network=network, schedule=schedule, chance=chance)
        self.url = url
        self._connector = connector
        self._credentials = credentials
        self._authorize = authorize
        self._headers = dict(headers or {})
        self._most = send_buffer
        self._timeout = timeout
        self._stable = stable
        self._answers = Answers()
        self._buffer: deque[dict[str, Any]] = deque()
        self._session: Session | None = None
        self._joins: set[asyncio.Task[None]] = set()

    # Talking

    async def call(
        self, type: str | Message, data: Any = None, *, timeout: float | None = 15.0
    ) -> Any:
        """The reply of the server's handler for messages of *type*.

        Raises:
            Fault: *data* does not fit the schema of the :class:`Message`; nothing is sent.
            RemoteFault: the handler says no, or there is none.
            NotConnectedError: the connection ended before the answer: nobody knows whether it was
                done.
            TimeoutError: no answer came in time.
            SendBufferFullError: too much waits for a connection.
        """
        name = type
        if not isinstance(type, str):
            name, data = type.name, type.checked(data)
        return await self._ask_server({"type": "call", "name": name, "data": data}, timeout)

    async def request(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: str = "",
        *,
        timeout: float | None = 15.0,
    ) -> Response:
        """What the application answers to an HTTP request that goes by the socket: cookies and
        origin are those that the connection began with.

        Raises:
            RemoteFault: the server takes no requests here, or the answer is no text or too long.
            NotConnectedError: the connection ended before the answer: nobody knows whether it was
                done.
            TimeoutError: no answer came in time.
            SendBufferFullError: too much waits for a connection.
        """
        frame = {"type": "request", "method": method, "path": path, "headers": dict(headers or {})}
        return await self._ask_server({**frame, "body": body or None}, timeout)

    async def _ask_server(self, frame: dict[str, Any], timeout: float | None) -> Any:
        """The answer to *frame*."""
        id, answer = self._answers.expect()
        try:
            self.send({**frame, "id": id})
            if timeout is None:
                return await answer
            return await within(self.schedule, timeout, answer)
        finally:
            self._answers.forget(id)

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

    async def _connect_once(self) -> float | None:
        """One connection, until it ends. Returns the seconds until the next; None: none."""
        self._set(ClientState.CONNECTING)
        try:
            socket = await self._open()
        except (ConnectFailedError, TimeoutError) as error:
            self.reason = str(error) or "no answer"
            status = getattr(error, "status", None)
            return None if status in FINAL_STATUSES else self._backoff.next()
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
        self._asked = ending.retry_after
        return self._backoff.next() if ending.reconnect else None

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
        watching = asyncio.ensure_future(self._watch(session))
        try:
            await session.run(self._stable)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _watch(self, session: Session) -> None:
        while True:
            await self._network.news()
            # Another network, or none for a while: the socket does not know yet.
            session.check()

    def _cut(self) -> None:
        """The connection has ended: nobody answers what was asked on it."""
        self._session = None
        self.cid = ""
        for channel in self._channels.values():
            channel.cut()
        self._answers.lost({frame.get("id") for frame in self._buffer})

    def _give_up(self, reason: str) -> None:
        self._buffer.clear()
        super()._give_up(reason)

    # What comes in

    def _receive(self, frame: dict[str, Any]) -> None:
        kind = frame.get("type")
        if kind == "ready":
            self.user = frame.get("user")
            return
        if kind == "event" and "ch" not in frame:
            self._tell(frame)
            return
        channel = self._channels.get(frame["ch"]) if isinstance(frame.get("ch"), str) else None
        if kind == "error" and channel is not None and channel.standing is Standing.ASKED:
            channel.refused(frame)
        elif kind in ("reply", "response", "error"):
            self._answers.came(frame)
        elif channel is not None and kind == "event":
            channel.event(frame)
        elif channel is not None and kind == "sub.ok":
            channel.confirmed(frame)
        elif channel is not None and kind == "members":
            channel.more_members(frame)
        elif channel is not None and kind == "resync":
            channel.resync(frame)
