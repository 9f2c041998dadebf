"""Servers side by side: who answers what, and what it costs its process."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.http.work import Work

CONNECTIONS = 16
#: What Linux calls the clock of another process's processor time, threads included.
_PROCESS_CLOCK = 2


class Server:
    """A framework's application in a process of its own."""

    def __init__(self, side: str, database: str) -> None:
        self.name = side
        self._process = _python("benchmarks.http.serve", side, database)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline() or "0")
        if not self.port:
            raise SystemExit(f"{side} did not start.")

    def seconds(self) -> float:
        """The processor time that the process has used, user and system."""
        return time.clock_gettime((~self._process.pid << 3) | _PROCESS_CLOCK)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


class Load:
    """The process that asks."""

    def __init__(self) -> None:
        self._process = _python("benchmarks.http.load")

    def ask(self, server: Server, work: Work, count: int, connections: int = CONNECTIONS) -> bytes:
        """Ask *server* *count* times; the last answer's body."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        request = work.request(server.port).hex()
        self._process.stdin.write(f"{server.port} {count} {connections} {request}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise SystemExit(f"{server.name} did not answer {work.title!r}.")
        return bytes.fromhex(answer)

    def microseconds(self, server: Server, work: Work, count: int) -> float:
        """What a request costs *server*."""
        begun = server.seconds()
        self.ask(server, work, count)
        return (server.seconds() - begun) / count * 1e6

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


def check(load: Load, servers: list[Server], work: Work) -> None:
    """End the run where *work* is answered differently by one of them."""
    for server in servers:
        answer = json.loads(load.ask(server, work, 1, 1))
        if answer != work.answer:
            raise SystemExit(f"{server.name} answers {work.title!r} with {answer!r}.")


def measure(
    load: Load, servers: list[Server], work: Work, rounds: int, count: int
) -> dict[str, tuple[float, float]]:
    """Per server microseconds of a request, and their ratio to the first one's.

    The servers take turns; a ratio is between neighbours in time, and the median of all counts.
    """
    for server in servers:
        load.ask(server, work, count)
    found = [
        {server.name: load.microseconds(server, work, count) for server in servers}
        for _ in range(rounds)
    ]
    first = servers[0].name
    return {
        server.name: (
            median(times[server.name] for times in found),
            median(times[server.name] / times[first] for times in found),
        )
        for server in servers
    }


def _python(module: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
