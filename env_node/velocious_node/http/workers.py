"""Serves in several processes: starts them, starts again what crashes, replaces them one by one.

Law: the socket belongs to the supervisor, so that no connection is refused while a process is
replaced; and a process goes only when its successor answers.
"""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

from velocious.errors import CommandError
from velocious_node.http.notifying import notify
from velocious_node.http.process import CLEANING, CLOSING, SIGNALS
from velocious_node.http.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from velocious_node.http.door import Door
    from velocious_node.settings import ServerSettings

#: Seconds to wait before a crashed process is started again: doubled each time, up to the second,
#: until one has lived for the third.
SHORTEST_WAIT, LONGEST_WAIT, HEALTHY = 0.1, 15.0, 30.0


class Workers:
    """Keeps *count* serving processes running.

    Arguments:
        words: the command line of one, after `velocious`.
    """

    def __init__(
        self,
        count: int,
        words: Sequence[str],
        door: Door,
        settings: ServerSettings,
        say: Callable[[str], None],
    ) -> None:
        self._count = count
        self._words = words
        self._door = door
        self._drain = settings.drain_seconds
        self._say = say
        self._workers: list[Worker] = []
        self._stop = asyncio.Event()
        self._restart = asyncio.Event()
        #: Held while a place gets another process.
        self._changing = asyncio.Lock()
        spare = CLOSING + CLEANING + 2
        self._patience = settings.drain_seconds + settings.grace_seconds + spare

    async def run(self, started: Callable[[], None]) -> bool:
        """Serve until SIGINT or SIGTERM, and replace all processes at each SIGHUP.

        Returns whether every process ended as it should.

        Raises:
            CommandError: the application does not start.
        """
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self._on_stop)
        loop.add_signal_handler(signal.SIGHUP, self._restart.set)
        try:
            await self._start_all()
            if not self._stop.is_set():
                started()
                notify("READY=1")
                await self._keep_all()
        finally:
            codes = await self._end_all()
            for number in (*SIGNALS, signal.SIGHUP):
                loop.remove_signal_handler(number)
        # A process that was still starting has answered nothing that could be cut.
        return all(code in (0, -signal.SIGTERM) for code in codes)

    # Signals

    def _on_stop(self) -> None:
        if self._stop.is_set():
            # They end at once when they are told for a second time, as we do.
            for worker in self._workers:
                worker.signal(signal.SIGTERM)
        self._stop.set()

    # Starting

    async def _start(self) -> Worker:
        return await Worker.start(self._words, self._door.listener, quiet=True)

    async def _start_all(self) -> None:
        self._workers = [await self._start() for _ in range(self._count)]
        ready = await asyncio.gather(*(worker.ready() for worker in self._workers))
        if not all(ready) and not self._stop.is_set():
            raise CommandError("The server did not start. What is above says why.")

    # Keeping

    async def _keep_all(self) -> None:
        tasks = [asyncio.create_task(self._keep(place)) for place in range(self._count)]
        tasks.append(asyncio.create_task(self._replace_when_told()))
        stop = asyncio.create_task(self._stop.wait())
        # A task that fails ends the whole server: a supervisor must not limp on.
        done, _ = await asyncio.wait([*tasks, stop], return_when=asyncio.FIRST_COMPLETED)
        for task in (*tasks, stop):
            task.cancel()
        await asyncio.wait([*tasks, stop])
        for task in done:
            task.result()

    async def _keep(self, place: int) -> None:
        loop = asyncio.get_running_loop()
        wait = SHORTEST_WAIT
        while True:
            worker, since = self._workers[place], loop.time()
            code = await worker.ended()
            if worker.is_replaced:
                continue
            if loop.time() - since > HEALTHY:
                wait = SHORTEST_WAIT
            self._say(f"Worker {worker.number} {_ending(code)}. Another is started.")
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)
            async with self._changing:
                if self._workers[place] is worker:
                    self._workers[place] = await self._start()

    async def _replace_when_told(self) -> None:
        while True:
            await self._restart.wait()
            self._restart.clear()
            self._say("Every worker is replaced by a new one.")
            for place in range(self._count):
                if not await self._replace(place):
                    self._say("The new worker did not start. The others are kept as they are.")
                    break
            else:
                self._say("Every worker has been replaced.")

    async def _replace(self, place: int) -> bool:
        async with self._changing:
            new = await self._start()
            if not await self._is_ready(new):
                return False
            old, self._workers[place] = self._workers[place], new
        old.is_replaced = True
        await old.end(self._patience)
        return True

    async def _is_ready(self, new: Worker) -> bool:
        try:
            is_ready = await new.ready()
        except asyncio.CancelledError:
            await new.end(CLEANING)
            raise
        if not is_ready:
            await new.ended()
        return is_ready

    # Ending

    async def _end_all(self) -> list[int]:
        notify("STOPPING=1")
        closing = asyncio.create_task(self._close_door())
        if not self._drain:
            await closing
        codes = await asyncio.gather(*(worker.end(self._patience) for worker in self._workers))
        await closing
        return codes

    async def _close_door(self) -> None:
        """Let nobody in any more; the workers take those who have come, and close theirs later."""
        await asyncio.sleep(self._drain)
        self._door.shut()
        self._door.listener.close()


def _ending(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
