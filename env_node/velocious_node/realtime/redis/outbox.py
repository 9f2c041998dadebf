"""What goes to Redis, in the order in which it was said.

Law: it is bounded, and it does not wait: while Redis is away, whoever asks hears so at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from velocious.errors import ProviderUnavailableError
from velocious_node.realtime.redis.backoff import Backoff
from velocious_node.realtime.redis.server import FAILURES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious_node.realtime.redis.link import Command, Link
    from velocious_node.realtime.redis.scripts import Script
    from velocious_node.realtime.redis.settings import RedisSettings

logger = logging.getLogger("velocious.realtime")

#: Commands that are sent together.
BATCH = 128


class Outbox:
    """Sends commands, and connects again for ever.

    Arguments:
        repair: called with each new connection, before anything else is sent; it is called again
            until it returns False: there was nothing to do.
        down: called when the connection is lost.

    Attributes:
        is_up: whether what is asked for is sent.
    """

    def __init__(
        self,
        link: Link,
        settings: RedisSettings,
        *,
        repair: Callable[[], Awaitable[bool]],
        down: Callable[[], None] = lambda: None,
    ) -> None:
        self.is_up = False
        self._link = link
        self._settings = settings
        self._repair = repair
        self._down = down
        self._queue: deque[tuple[Command, asyncio.Future[Any]]] = deque()
        self._wake = asyncio.Event()
        self._tried = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._ending = False
        self._overflowed = False

    async def start(self) -> None:
        """Begin; comes back after the first try, however that went. Safe to call twice."""
        if self._task is None:
            self._ending = False
            self._task = asyncio.create_task(self._run())
        await self._tried.wait()

    async def stop(self) -> None:
        """Send what waits, and end; safe to call twice."""
        task, self._task = self._task, None
        if task is None:
            return
        self._ending = True
        self._wake.set()
        if not self.is_up:
            task.cancel()
        with suppress(asyncio.CancelledError, TimeoutError):
            await asyncio.wait_for(task, self._settings.timeout)
        self._fail("this process has ended")
        await self._link.close()
        self._tried.clear()

    def put(self, *command: Any) -> asyncio.Future[Any]:
        """Send *command*; its answer comes, or :class:`ProviderUnavailableError`."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if not self.is_up:
            future.set_exception(ProviderUnavailableError("not connected"))
        elif len(self._queue) >= self._settings.queue:
            self._overflowed = True
            reason = f"{self._settings.queue} commands wait for it"
            future.set_exception(ProviderUnavailableError(reason))
        else:
            self._queue.append((command, future))
            self._wake.set()
            return future
        # Whoever does not look at the answer knows what it does not miss.
        future.exception()
        return future

    def run(self, script: Script, keys: tuple[str, ...], *values: Any) -> asyncio.Future[Any]:
        """Run *script*."""
        return self.put(*script.on(keys), *values)

    async def now(self, *command: Any) -> Any:
        """The answer to *command* while :attr:`is_up` may still be False: for repairs."""
        return (await self._link.ask([command]))[0]

    async def keys_now(self, pattern: str) -> list[bytes]:
        """The keys that match *pattern*, for repairs."""
        return await self._link.keys(pattern)

    @property
    def history_run(self) -> str:
        """The run of Redis that scripts are told."""
        return self._link.run

    async def _run(self) -> None:
        backoff = Backoff(self._settings.retry_least, self._settings.retry_most)
        while not self._ending:
            try:
                await self._link.open()
                while await self._repair():
                    pass
                # Nothing is awaited between the last repair and this.
                self.is_up = True
                backoff.reset()
                self._tried.set()
                await self._serve()
            except (*FAILURES, ProviderUnavailableError) as error:
                if not self._tried.is_set() or self.is_up:
                    logger.warning("Redis is away: %s: %s", type(error).__name__, error)
            except Exception:
                logger.exception("Talking to Redis failed")
            finally:
                self._lost()
                await self._link.close()
            self._tried.set()
            if not self._ending:
                await asyncio.sleep(backoff.next())

    async def _serve(self) -> None:
        while True:
            if not self._queue:
                if self._ending:
                    return
                if self._overflowed:
                    # As after a lost connection: what was refused is repaired.
                    self._overflowed = False
                    raise ProviderUnavailableError("more was to be sent than it takes")
                self._wake.clear()
                await self._idle()
                continue
            batch = [self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))]
            await self._send(batch)

    async def _idle(self) -> None:
        try:
            async with asyncio.timeout(self._settings.heartbeat):
                await self._wake.wait()
        except TimeoutError:
            await self.now("PING")

    async def _send(self, batch: list[tuple[Command, asyncio.Future[Any]]]) -> None:
        try:
            answers = await self._link.ask([command for command, _ in batch])
        except BaseException as error:
            _fail(batch, type(error).__name__)
            raise
        for (_, future), answer in zip(batch, answers, strict=True):
            if not future.done():
                future.set_result(answer)

    def _lost(self) -> None:
        was_up, self.is_up = self.is_up, False
        self._fail("the connection was lost")
        if was_up:
            self._down()

    def _fail(self, reason: str) -> None:
        waiting = list(self._queue)
        self._queue.clear()
        _fail(waiting, reason)


def _fail(waiting: list[tuple[Command, asyncio.Future[Any]]], reason: str) -> None:
    for _, future in waiting:
        if not future.done():
            future.set_exception(ProviderUnavailableError(reason))
            future.exception()
