"""Serves in a process of its own that is started anew when a file of the application changes.

Law: the socket belongs to the supervisor, so that no request is refused while the server restarts.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

from velocious.errors import CommandError
from velocious_node.files import names_below
from velocious_node.http.listening import listen
from velocious_node.http.server import GRACE_SECONDS, INHERITED_SOCKET, SIGNALS

if TYPE_CHECKING:
    import socket
    from asyncio.subprocess import Process
    from collections.abc import Callable, Sequence

    from velocious.configuration import Configuration

#: Files of web/ are read anew for each request; only what was imported needs a new process.
WATCHED = "app"
INTERVAL = 0.4

type Times = dict[str, int]


async def serve_with_reload(
    configuration: Configuration,
    host: str,
    port: int,
    *,
    options: Sequence[str] = (),
    say: Callable[[str], None],
) -> None:
    """Serve *configuration*'s application, anew after each change, until SIGINT or SIGTERM.

    Arguments:
        options: words for the serving process's own command line (``["--debug"]``).

    Raises:
        CommandError: it cannot listen there, or there is no directory to watch.
    """
    if configuration.directory is None:
        raise CommandError(
            "--reload watches the application's directory, but the configuration has none. "
            "Give it one: Configuration(directory=…)."
        )
    listener = listen(host, port)
    words = [
        *("--directory", configuration.directory, "--environment", configuration.environment),
        *options,
        *("server", "--host", host, "--port", str(listener.getsockname()[1])),
    ]
    try:
        await Supervisor(configuration.directory, words, listener, say).run()
    finally:
        listener.close()


class Supervisor:
    """Keeps one serving process running, the newest."""

    def __init__(
        self,
        directory: str,
        words: Sequence[str],
        listener: socket.socket,
        say: Callable[[str], None],
    ) -> None:
        self._watched = os.path.join(directory, WATCHED)
        self._words = words
        self._listener = listener
        self._say = say

    async def run(self) -> None:
        """Serve until a signal comes."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, stop.set)
        try:
            await self._watch(stop)
        finally:
            for number in SIGNALS:
                loop.remove_signal_handler(number)

    async def _watch(self, stop: asyncio.Event) -> None:
        times = self._times()
        process = await self._start()
        while not await _is_set_within(stop, INTERVAL):
            seen = self._times()
            if seen == times:
                continue
            self._say(f"Changed: {', '.join(_changed(times, seen))}")
            times = seen
            await _end(process)
            process = await self._start()
        await _end(process)

    async def _start(self) -> Process:
        number = self._listener.fileno()
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "velocious_node"),
            *self._words,
            pass_fds=(number,),
            # Ctrl+C reaches the supervisor alone, which ends the process in order.
            start_new_session=True,
            env={**os.environ, INHERITED_SOCKET: str(number)},
        )

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


async def _end(process: Process) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), GRACE_SECONDS + 2)
    except TimeoutError:
        process.kill()
        await process.wait()
