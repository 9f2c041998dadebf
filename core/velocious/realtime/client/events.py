"""``EventsClient``: hears what is published over a stream of events, where no websocket can be had.

Law: a stream goes on where it broke, by the id of the last event that was handed on; what cannot be
had any more is told. The address names what is listened to, so that any process can answer.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random as randomness
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from velocious.errors import ConnectFailedError, RealtimeError, SocketClosedError
from velocious.realtime.client.channel import Standing
from velocious.realtime.client.frame import read_frame
from velocious.realtime.client.pausing import within
from velocious.realtime.client.state import ClientState
from velocious.realtime.client.staying import StayingConnected, seconds_asked
from velocious.realtime.sse.parser import EventParser

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from velocious.realtime.client.channel import ClientChannel
    from velocious.realtime.client.client import Credentials
    from velocious.realtime.client.transport import EventAnswer, EventConnector, Network
    from velocious.realtime.schedule import Schedule
    from velocious.realtime.sse.parser import Received

logger = logging.getLogger("velocious.realtime.client")

#: Seconds of silence after which a stream is dead: the server fills fifteen with a comment.
SILENCE = 45.0
#: Characters of an event that is read; a server of ours sends none that is longer.
LONGEST = 4 * 1024 * 1024
#: Characters of the channels in an address; those that do not fit are asked for afterwards.
LONGEST_ADDRESS = 4000
_STREAM = "text/event-stream"


class EventsClient(StayingConnected):
    """A client that listens.

    ::

        async with EventsClient("https://example.com/realtime/events", connector) as client:
            board = await client.channel("board:1").subscribe()
            board.on("task.moved", lambda heard: print(heard.data))

    Arguments:
        url: of the entrance's ``events``.
        connector: asks for streams: ``velocious_node.realtime.EventConnector()`` or
            ``velocious_browser.realtime.EventConnector()``.
        credentials: what to say about who we are, asked anew for each connection: its ``token``
            is sent as ``Authorization: Bearer …``.
        headers: sent with each request.
        network: whether there is a network; by default the connector is asked.
        timeout: seconds for the beginning of an answer.
        stable: seconds after which a connection counts as a success.

    Attributes:
        last_id: the id of the last event, with which the next stream goes on.
    """

    def __init__(
        self,
        url: str,
        connector: EventConnector,
        *,
        credentials: Credentials | None = None,
        headers: Mapping[str, str] | None = None,
        network: Network | None = None,
        schedule: Schedule | None = None,
        chance: Callable[[], float] = randomness.random,
        timeout: float = 10.0,
        stable: float = 5.0,
    ) -> None:
        super().__init__(connector, network=network, schedule=schedule, chance=chance)
        self.url = url
        self.last_id = ""
        self._connector = connector
        self._credentials = credentials
        self._headers = dict(headers or {})
        self._timeout = timeout
        self._stable = stable
        self._secret = ""
        self._retry = 0.0
        self._may_return = True
        self._given: dict[str, str] = {}
        #: Channels that the address of this stream names.
        self._named: set[str] = set()
        #: Done when this stream is to be given up for another one.
        self._again: asyncio.Future[None] | None = None
        self._requests: set[asyncio.Task[None]] = set()

    # What channels need

    def join(self, channel: ClientChannel) -> None:
        self._channels[channel.name] = channel
        if self.state is ClientState.CONNECTED and channel.standing is not Standing.ASKED:
            self._subscribe(channel)

    def part(self, channel: ClientChannel) -> None:
        if self._channels.pop(channel.name, None) is None:
            return
        known = channel.standing in (Standing.IN, Standing.ASKED)
        channel.standing = Standing.OUT
        if known and self.state is ClientState.CONNECTED:
            self._leave(channel.name)

    def send(self, frame: dict[str, Any]) -> None:
        """Raises RealtimeError: nothing is said over a stream."""
        raise RealtimeError(
            "An EventsClient only listens. Speak through a RealtimeClient, or post to the "
            "application."
        )

    # One stream

    async def _connect_once(self) -> float | None:
        self._set(ClientState.CONNECTING)
        self._may_return = True
        try:
            answer = await within(self.schedule, self._timeout, self._ask())
        except (ConnectFailedError, TimeoutError) as error:
            self.reason = str(error) or "no answer"
            return self._backoff.next()
        except Exception as error:
            # The application's own function for credentials failed: next time it may not.
            logger.exception("The credentials could not be had")
            self.reason = str(error)
            return self._backoff.next()
        try:
            if not self._is_stream(answer):
                return self._backoff.next() if self._may_return else None
            return await self._listen(answer)
        finally:
            self._cut()
            await answer.close()

    async def _ask(self) -> EventAnswer:
        self._given = dict(self._headers)
        found: Mapping[str, Any] = {}
        if self._credentials is not None:
            found = await self._credentials()
        if found.get("token"):
            self._given["authorization"] = f"Bearer {found['token']}"
        headers = {**self._given, "accept": _STREAM}
        if self.last_id:
            headers["last-event-id"] = self.last_id
        return await self._connector.get(self._address(), headers)

    def _address(self) -> str:
        names: list[str] = []
        for name, channel in self._channels.items():
            # The address is read up to commas; a name that has some is asked for afterwards.
            if channel.standing is not Standing.REFUSED and "," not in name:
                names.append(name)
        while sum(len(name) + 1 for name in names) > LONGEST_ADDRESS:
            names.pop()
        self._named = set(names)
        if not names:
            return self.url
        sign = "&" if "?" in self.url else "?"
        return f"{self.url}{sign}channels={quote(','.join(names), safe=',:@;=')}"

    def _is_stream(self, answer: EventAnswer) -> bool:
        status = answer.status
        if status == 200 and answer.kind == _STREAM:
            return True
        if status == 204:
            self.reason = "The server said not to come back."
        elif status == 200:
            self.reason = f"the server answers {answer.kind or 'nothing'}, not {_STREAM}"
        else:
            self.reason = f"the server answers {status}"
        self._asked = seconds_asked(answer.retry_after)
        self._may_return = status in (408, 425, 429) or status >= 500
        return False

    async def _listen(self, answer: EventAnswer) -> float | None:
        opened = self.schedule.monotonic()
        self._again = asyncio.get_running_loop().create_future()
        watching = asyncio.ensure_future(self._watch())
        self.reason = "the stream ended"
        try:
            await self._read(answer)
        except TimeoutError:
            self.reason = "no answer"
        except SocketClosedError as closed:
            self.reason = closed.reason or "the stream broke"
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
        if self.schedule.monotonic() - opened >= self._stable:
            self._backoff.reset()
        if not self._may_return:
            # Whoever connects once more begins anew: this id would be answered with an end.
            self.last_id = ""
            return None
        return self._backoff.next() + (0.0 if self._asked else self._retry)

    async def _read(self, answer: EventAnswer) -> None:
        parser = EventParser(self.last_id)
        while piece := await self._next(answer):
            for event in parser.feed(piece):
                self.last_id = event.id
                self._take(event)
            if parser.pending > LONGEST:
                raise SocketClosedError(1009, "an event has no end")
            if parser.retry is not None:
                self._retry = min(parser.retry / 1000, 60.0)

    async def _next(self, answer: EventAnswer) -> bytes:
        """What comes next, unless another stream is wanted."""
        again = self._again
        assert again is not None
        reading = asyncio.ensure_future(within(self.schedule, SILENCE, answer.read()))
        try:
            await asyncio.wait({reading, again}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                raise SocketClosedError(1012, "another stream is asked for")
            return reading.result()
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            await self._network.news()
            # Another network, or none for a while: the stream does not know yet.
            self._ask_again()

    def _ask_again(self) -> None:
        if self._again is not None and not self._again.done():
            self._again.set_result(None)

    def _cut(self) -> None:
        self.cid = self._secret = ""
        self._again = None
        for channel in self._channels.values():
            channel.cut()
        for one in list(self._requests):
            one.cancel()

    # What comes in

    def _take(self, event: Received) -> None:
        frame = read_frame(event.data) or {}
        name = frame.get("ch")
        channel = self._channels.get(name) if isinstance(name, str) else None
        match event.event:
            case "connected":
                self.cid = str(frame.get("connectionId", ""))
                self._secret = str(frame.get("secret", ""))
            case "ready":
                self._is_ready(frame)
            case "bye":
                self._may_return = frame.get("reconnect") is not False
                self._asked = seconds_asked(frame.get("retry_after"))
                self.reason = str(frame.get("reason") or self.reason)
            case "event" if name is None:
                self._tell(frame)
            case kind if channel is not None:
                self._take_of(channel, kind, frame)
            case "sub.ok":
                # The id of the last event names it still; nobody here does.
                self._leave(str(name))
            case "error":
                logger.warning("The server says: %s", frame.get("message"))
            case _:
                pass

    def _is_ready(self, frame: dict[str, Any]) -> None:
        self.user = frame.get("user")
        self.reason = ""
        self._set(ClientState.CONNECTED)
        for name, channel in list(self._channels.items()):
            if channel.standing is Standing.REFUSED:
                continue
            channel.standing = Standing.ASKED
            if name not in self._named:
                self._subscribe(channel)

    @staticmethod
    def _take_of(channel: ClientChannel, kind: str, frame: dict[str, Any]) -> None:
        if kind == "event":
            channel.event(frame)
        elif kind == "sub.ok":
            # Where something is missing, `resync` follows, and says from where to go on.
            channel.confirmed(frame, gap_follows=frame.get("recovered") is False)
        elif kind == "members":
            channel.more_members(frame)
        elif kind == "resync":
            channel.resync(frame)
        elif kind == "error" and channel.standing is Standing.ASKED:
            channel.refused(frame)

    # What is asked beside the stream

    def _subscribe(self, channel: ClientChannel) -> None:
        channel.standing = Standing.ASKED
        self._request(self._ask_for(channel))

    async def _ask_for(self, channel: ClientChannel) -> None:
        status = await self._post("subscribe", channel.name)
        if status == 403 and channel.standing is Standing.ASKED:
            channel.refused({"code": "forbidden", "message": "refused", "status": 403})
        elif status not in (200, 403):
            # The stream may be in another process: the address of the next one names the channel.
            self._ask_again()

    def _leave(self, name: str) -> None:
        self._request(self._ask_to_leave(name))

    async def _ask_to_leave(self, name: str) -> None:
        if await self._post("unsubscribe", name) not in (200, 403):
            self._ask_again()

    def _request(self, what: Awaitable[None]) -> None:
        task = asyncio.ensure_future(what)
        self._requests.add(task)
        task.add_done_callback(self._requests.discard)

    async def _post(self, word: str, channel: str) -> int:
        """The status of the answer; 0 for none."""
        path, question, query = self.url.partition("?")
        body = {"connectionId": self.cid, "secret": self._secret, "channel": channel}
        headers = {**self._given, "content-type": "application/json"}
        address = f"{path.rstrip('/')}/{word}{question}{query}"
        asking = self._connector.post(address, headers, json.dumps(body))
        try:
            return await within(self.schedule, self._timeout, asking)
        except (ConnectFailedError, TimeoutError):
            return 0
        except Exception:
            logger.exception("%s could not be asked for", channel)
            return 0
