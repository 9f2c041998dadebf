"""Sends commands to a backend: those of one turn of the loop with one request.

Law: a command that may have changed something is never sent twice; one that changes nothing is
tried again a few times.
"""

from __future__ import annotations

import asyncio
import logging
import random
from typing import TYPE_CHECKING, Any

from velocious.errors import BackendUnreachableError
from velocious.frontend_model.transport.batch import (
    RefusedBatchError,
    Waiting,
    deal,
    entries_of,
    may_be_tried_again,
)
from velocious.frontend_model.transport.http import HttpRoad
from velocious.frontend_model.transport.websocket import WebsocketRoad

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.frontend_model.command import Command
    from velocious.frontend_model.settings import BackendSettings

_log = logging.getLogger("velocious.frontend_model")

#: Seconds before the first repetition; each further one waits twice as long.
FIRST_PAUSE = 0.1
#: Commands with files in them, each of which is a request of its own.
ALONE = frozenset({"attach", "download"})


class Transport:
    """The way to one backend.

    Attributes:
        requests: how many requests were sent, for those who count.
    """

    def __init__(self, configuration: Configuration, settings: BackendSettings) -> None:
        self._settings = settings
        self._http = HttpRoad(configuration, settings)
        self._websocket = WebsocketRoad(settings)
        self._waiting: list[Waiting] = []
        self._running: set[asyncio.Task[None]] = set()
        self.requests = 0

    async def ask(self, command: Command) -> dict[str, Any]:
        """What the backend says to *command*, its refusal too.

        Raises:
            BackendUnreachableError: no answer came.
            BackendAnswerError: it is none.
        """
        waiting = Waiting(command)
        if not self._waiting:
            # All tasks that are ready now have their turn before what is called soon.
            asyncio.get_running_loop().call_soon(self._flush)
        self._waiting.append(waiting)
        return await waiting.answer

    @property
    def is_busy(self) -> bool:
        """Whether anybody waits for an answer."""
        return bool(self._waiting or self._running)

    async def close(self) -> None:
        """Give up what is under way; safe to call twice."""
        running = [*self._running]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._http.close()

    # Batches

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        wanted = [one for one in waiting if one.is_waited_for]
        together = [one for one in wanted if one.command.kind not in ALONE]
        size = self._settings.batch
        for start in range(0, len(together), size):
            self._start(together[start : start + size])
        for one in wanted:
            if one.command.kind in ALONE:
                self._start([one])

    def _start(self, batch: list[Waiting]) -> None:
        task = asyncio.get_running_loop().create_task(self._carry(batch))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        for one in batch:
            one.answer.add_done_callback(lambda _: _give_up(task, batch))

    async def _carry(self, batch: list[Waiting]) -> None:
        try:
            while batch := await self._try(batch):
                await asyncio.sleep(_pause(batch[0].tries))
                batch = [one for one in batch if one.is_waited_for]
        except asyncio.CancelledError:
            for one in batch:
                one.answer.cancel()
            raise
        except Exception as error:
            for one in batch:
                one.fail(error)

    async def _try(self, batch: list[Waiting]) -> list[Waiting]:
        """Send *batch*, and answer it. Returns those to be sent again."""
        for one in batch:
            one.tries += 1
        try:
            said = await self._send(entries_of(batch), all(one.command.is_safe for one in batch))
            deal(batch, said, self._settings.shown)
        except RefusedBatchError as refused:
            for one in batch:
                if one.is_waited_for:
                    one.answer.set_result(refused.response)
        except BackendUnreachableError as error:
            retries = self._settings.retries
            again = [one for one in batch if may_be_tried_again(one, error, retries)]
            for one in batch:
                if one not in again:
                    one.fail(error)
            if again:
                _log.info("%s; %d commands are sent again", error, len(again))
            return again
        return []

    async def _send(self, entries: dict[str, Any], safe: bool) -> Any:
        self.requests += 1
        client = self._websocket.client()
        if client is not None:
            said = await self._websocket.send(client, entries, safe=safe)
            if said is not None:
                return said
        return await self._http.send(entries)


def _give_up(task: asyncio.Task[None], batch: list[Waiting]) -> None:
    if not task.done() and all(one.answer.cancelled() for one in batch):
        task.cancel()


def _pause(tries: int) -> float:
    # Many clients must not come back at the same moment.
    return FIRST_PAUSE * 2 ** (tries - 1) * random.uniform(0.5, 1.5)
