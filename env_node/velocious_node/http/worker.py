"""A serving process, as its supervisor sees it.

Law: the two are tied by a pair of sockets: the process says on it when it answers, and ends when
the other end is closed, so that nothing keeps serving after its supervisor was killed.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Sequence

#: Where a process that serves for a supervisor finds its sockets, and that it must be quiet.
INHERITED_SOCKET = "VELOCIOUS_SERVER_SOCKET"
SUPERVISOR_SOCKET = "VELOCIOUS_SERVER_SUPERVISOR"
QUIET = "VELOCIOUS_SERVER_QUIET"

READY = b"r"


class Worker:
    """A process that serves on *listener*.

    Attributes:
        is_replaced: a newer one has taken its place; that it ends is no surprise.
    """

    def __init__(self, process: Process, link: socket.socket) -> None:
        self._process = process
        self._link = link
        self.is_replaced = False

    @classmethod
    async def start(
        cls, words: Sequence[str], listener: socket.socket, *, quiet: bool = False
    ) -> Worker:
        """A new process of `velocious` with *words*."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        numbers = (listener.fileno(), theirs.fileno())
        environment = {
            INHERITED_SOCKET: str(numbers[0]),
            SUPERVISOR_SOCKET: str(numbers[1]),
            **({QUIET: "1"} if quiet else {}),
        }
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "velocious_node"),
                *words,
                pass_fds=numbers,
                # Ctrl+C reaches the supervisor alone, which ends the process in order.
                start_new_session=True,
                env={**_without_systemd(), **environment},
            )
        return cls(process, ours)

    @property
    def number(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def code(self) -> int | None:
        """How it ended; None while it runs. A signal's number is negative."""
        return self._process.returncode

    async def ready(self) -> bool:
        """Wait until it answers requests; False if it ends before."""
        return await asyncio.get_running_loop().sock_recv(self._link, 1) == READY

    async def ended(self) -> int:
        """Wait until it has ended; its exit code."""
        code = await self._process.wait()
        # Not before: closing it would tell the process that we are gone.
        self._link.close()
        return code

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        if self.code is None:
            self._process.send_signal(number)

    async def end(self, seconds: float) -> int:
        """Ask it to end, and end it after *seconds*; its exit code."""
        self.signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(self.ended(), seconds)
        except TimeoutError:
            self.signal(signal.SIGKILL)
            return await self.ended()


def _without_systemd() -> dict[str, str]:
    """The environment, without what systemd says to the supervisor alone."""
    theirs = ("NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES")
    return {name: value for name, value in os.environ.items() if name not in theirs}
