"""Serves in a process of its own that is started anew when a file of the application changes.

Law: the socket belongs to the supervisor, so that no request is refused while the server restarts.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from velocious_node.files import names_below
from velocious_node.http.process import CLEANING, CLOSING, SIGNALS
from velocious_node.http.server import listening, server_settings, worker_words
from velocious_node.http.worker import Worker

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

    from velocious.configuration import Configuration
    from velocious_node.http.server import Place

#: Files of web/ are read anew for each request; only what was imported needs a new process.
WATCHED = "app"
INTERVAL = 0.4

type Times = dict[str, int]


async def serve_with_reload(
    configuration: Configuration,
    place: Place,
    *,
    options: Sequence[str] = (),
    say: Callable[[str], None],
) -> bool:
    """Serve *configuration*'s application, anew after each change, until SIGINT or SIGTERM.

    Arguments:
        options: words for the serving process's own command line (``["--debug", "server"]``).

    Returns whether every request could be finished.

    Raises:
        CommandError: it cannot listen there, or there is no directory to watch.
    """
    words = worker_words(configuration, options)
    settings = server_settings(configuration)
    patience = settings.drain_seconds + settings.grace_seconds + CLOSING + CLEANING + 2
    with listening(place) as door:
        directory = configuration.directory or os.curdir
        return await Reloader(directory, words, door.listener, patience, say).run()


class Reloader:
    """Keeps one serving process running, the newest."""

    def __init__(
        self,
        directory: str,
        words: Sequence[str],
        listener: socket.socket,
        patience: float,
        say: Callable[[str], None],
    ) -> None:
        self._watched = os.path.join(directory, WATCHED)
        self._words = words
        self._listener = listener
        self._patience = patience
        self._say = say

    async def run(self) -> bool:
        """Serve until a signal comes; whether the last process ended as it should."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, stop.set)
        try:
            return await self._watch(stop) == 0
        finally:
            for number in SIGNALS:
                loop.remove_signal_handler(number)

    async def _watch(self, stop: asyncio.Event) -> int:
        times = self._times()
        worker = await self._start()
        while not await _is_set_within(stop, INTERVAL):
            seen = self._times()
            if seen == times:
                continue
            self._say(f"Changed: {', '.join(_changed(times, seen))}")
            times = seen
            await worker.end(self._patience)
            worker = await self._start()
        # What broke before is known already.
        return 0 if worker.code is not None else await worker.end(self._patience)

    async def _start(self) -> Worker:
        return await Worker.start(self._words, self._listener)

    def _times(self) -> Times:
        times: Times = {}
        for name in names_below(self._watched):
            try:
                status = os.stat(os.path.join(self._watched, name))
            except FileNotFoundError:
                continue  # removed while we looked: gone the next time, too
            times[f"{WATCHED}/{name}"] = status.st_mtime_ns
        return times


def _changed(before: Times, after: Times) -> list[str]:
    return sorted({path for path, _ in before.items() ^ after.items()})[:5]


async def _is_set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
