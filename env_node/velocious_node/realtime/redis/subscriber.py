"""What this process hears of Redis: the channels that somebody here listens to.

Law: whoever was told that a channel is heard hears everything in it, or is told that it was lost.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from itertools import batched
from typing import TYPE_CHECKING, Any, cast

from velocious_node.realtime.redis.backoff import Backoff
from velocious_node.realtime.redis.patience import patience
from velocious_node.realtime.redis.server import FAILURES, hang_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from velocious_node.realtime.redis.server import Server
    from velocious_node.realtime.redis.settings import RedisSettings

logger = logging.getLogger("velocious.realtime")

#: Channels that are asked for together.
BATCH = 1000


class Subscriber:
    """Listens, and connects again for ever.

    Arguments:
        always: channels that are heard from the start; *patterns*: with wildcards.
        heard: called with the channel and what was published there.
        up: called when everything is heard again after it was not.
        down: called when nothing is heard any more.

    Attributes:
        is_up: whether it hears.
        generation: another number with each connection.
    """

    def __init__(
        self,
        server: Server,
        settings: RedisSettings,
        *,
        always: Sequence[str],
        patterns: Sequence[str] = (),
        heard: Callable[[str, bytes], None],
        up: Callable[[], None],
        down: Callable[[], None],
    ) -> None:
        self.is_up = False
        self.generation = 0
        self._server = server
        self._settings = settings
        self._always = always
        self._patterns = patterns
        self._heard = heard
        self._up = up
        self._down = down
        self._wanted: dict[str, None] = {}
        #: Channel → requests that are not answered yet. What Redis answers is in the order of the
        #: requests: a channel is heard when the last one is.
        self._asked: dict[str, int] = {}
        #: Channels whose last request was to be heard.
        self._subscribed: set[str] = set()
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._orders: list[tuple[str, str]] = []
        self._wake = asyncio.Event()
        self._tried = asyncio.Event()
        self._complete = asyncio.Event()
        self._left = 0
        self._last = 0.0
        self._connection: Any = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin; comes back after the first try, however that went. Safe to call twice."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        await self._tried.wait()

    async def stop(self) -> None:
        """End; safe to call twice."""
        task, self._task = self._task, None
        if task is None:
            return
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        self._tried.clear()

    def want(self, channel: str) -> asyncio.Future[None] | None:
        """Hear *channel* from now on. None, or done when it is heard: at once where nothing can be,
        for then everything is lost until :attr:`up` is called.
        """
        self._wanted[channel] = None
        if not self.is_up:
            return None
        if self.hears(channel):
            return None
        if channel not in self._subscribed:
            self._subscribed.add(channel)
            self._order("SUBSCRIBE", channel)
        waiting = self._waiting.get(channel)
        if waiting is None:
            waiting = self._waiting[channel] = asyncio.get_running_loop().create_future()
        # Whoever gives up waiting gives up for nobody else.
        return asyncio.shield(waiting)

    def forget(self, channel: str) -> None:
        """Hear it no more."""
        self._wanted.pop(channel, None)
        if self.is_up and channel in self._subscribed:
            self._subscribed.discard(channel)
            self._order("UNSUBSCRIBE", channel)

    def hears(self, channel: str) -> bool:
        """Whether what is published there now arrives here."""
        return self.is_up and channel in self._subscribed and not self._asked.get(channel)

    # Asking

    def _order(self, what: str, channel: str) -> None:
        self._asked[channel] = self._asked.get(channel, 0) + 1
        self._orders.append((what, channel))
        self._wake.set()

    async def _write(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._settings.heartbeat):
                    await self._wake.wait()
            except TimeoutError:
                await self._check()
                continue
            self._wake.clear()
            orders, self._orders = self._orders, []
            for what, names in _runs(orders):
                await self._say(what, names)

    async def _check(self) -> None:
        silent = asyncio.get_running_loop().time() - self._last
        if silent > 2 * self._settings.heartbeat + self._settings.timeout:
            raise ConnectionError(f"Redis has said nothing for {silent:.1f} seconds")
        await self._say("PING", [])

    async def _say(self, what: str, names: Iterable[str]) -> None:
        connection = self._connection
        for some in batched(names, BATCH) if names else [()]:
            await connection.send_packed_command(
                connection.pack_command(what, *some), check_health=False
            )

    # Connecting

    async def _run(self) -> None:
        backoff = Backoff(self._settings.retry_least, self._settings.retry_most)
        has_heard = False
        while True:
            try:
                await self._connect()
                if has_heard or self._tried.is_set():
                    self._up()
                has_heard = True
                backoff.reset()
                self._tried.set()
                await self._listen()
            except* (*FAILURES,) as errors:
                if self.is_up or not self._tried.is_set():
                    logger.warning("Redis is not heard: %s", _first(errors))
            except* Exception:
                logger.exception("Listening to Redis failed")
            finally:
                await self._lose()
            self._tried.set()
            await asyncio.sleep(backoff.next())

    async def _connect(self) -> None:
        self._connection = await self._server.connection(self._settings.timeout)
        self._last = asyncio.get_running_loop().time()
        self.generation += 1
        self._orders, self._asked = [], {}
        self._left = len(self._always) + len(self._patterns)
        await self._say("SUBSCRIBE", self._always)
        if self._patterns:
            await self._say("PSUBSCRIBE", self._patterns)
        wanted = list(self._wanted)
        self._asked, self._subscribed = dict.fromkeys(wanted, 1), set(wanted)
        self._left += len(wanted)
        if wanted:
            await self._say("SUBSCRIBE", wanted)
        async with patience(self._settings.timeout + len(wanted) / BATCH):
            while self._left:
                self._take(await self._connection.read_response(disable_decoding=True))
        self.is_up = True
        # What changed while we waited.
        wanted_now = set(self._wanted)
        for channel in wanted_now - self._subscribed:
            self._order("SUBSCRIBE", channel)
        for channel in self._subscribed - wanted_now:
            self._order("UNSUBSCRIBE", channel)
        self._subscribed = wanted_now

    async def _listen(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._write())
            group.create_task(self._read())

    async def _read(self) -> None:
        connection = self._connection
        while True:
            self._take(await connection.read_response(disable_decoding=True))

    def _take(self, answer: Any) -> None:
        self._last = asyncio.get_running_loop().time()
        match answer:
            case [b"message", channel, data]:
                self._tell(channel, data)
            case [b"pmessage", _, channel, data]:
                self._tell(channel, data)
            case [b"subscribe" | b"psubscribe" | b"unsubscribe", channel, _]:
                self._answered(channel.decode())
            case _:
                pass

    def _tell(self, channel: bytes, data: bytes) -> None:
        try:
            self._heard(channel.decode(), data)
        except Exception:
            # One message must not make this process deaf for all others.
            logger.exception("A message of another process could not be delivered")

    def _answered(self, channel: str) -> None:
        self._left -= 1
        left = self._asked.get(channel)
        if left is None:
            return
        self._asked[channel] = left = left - 1
        if not left:
            del self._asked[channel]
            self._release(channel)

    def _release(self, channel: str) -> None:
        waiting = self._waiting.pop(channel, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    async def _lose(self) -> None:
        was_up, self.is_up = self.is_up, False
        connection, self._connection = self._connection, None
        # Nobody waits for a server that is away: all are told when it is back.
        for channel in list(self._waiting):
            self._release(channel)
        if was_up:
            self._down()
        if connection is not None:
            await hang_up(connection)


def _runs(orders: list[tuple[str, str]]) -> Iterable[tuple[str, list[str]]]:
    """Neighbours that ask for the same, together; their order stays."""
    what, names = "", list[str]()
    for order, name in orders:
        if order != what and names:
            yield what, names
            names = []
        what = order
        names.append(name)
    if names:
        yield what, names


def _first(errors: BaseExceptionGroup[BaseException]) -> str:
    error: Any = errors
    while isinstance(error, BaseExceptionGroup):
        error = cast("Any", error).exceptions[0]
    return f"{type(error).__name__}: {error}"
