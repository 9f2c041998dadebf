"""Servers side by side: what they do costs their own process, and that is what counts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

#: What Linux calls the clock of another process's processor time, threads included.
_PROCESS_CLOCK = 2


class Server:
    """One side, in a process of its own."""

    def __init__(self, side: str, group: str = "") -> None:
        self.name = side
        self._process = _started(_command(side), BENCHMARK_GROUP=group)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline() or "0")
        if not self.port:
            raise SystemExit(f"{side} did not start.")

    def seconds(self) -> float:
        """The processor time that the process has used, user and system."""
        return time.clock_gettime((~self._process.pid << 3) | _PROCESS_CLOCK)

    def resident(self) -> int:
        """KiB of memory that the process holds."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1])

    def stop(self) -> None:
        with self._process:
            self._process.kill()


class Group:
    """Processes of one side that Redis connects; what they cost together.

    Attributes:
        port: of the one that who speaks is connected to.
        ports: of all of them; listeners are spread over these.
    """

    def __init__(self, side: str, size: int) -> None:
        self.name = side
        group = f"benchmark:{uuid4().hex}"
        self._servers = [Server(side, group) for _ in range(size)]
        self.ports = [one.port for one in self._servers]
        self.port = self.ports[0]

    def seconds(self) -> float:
        return sum(one.seconds() for one in self._servers)

    def stop(self) -> None:
        for one in self._servers:
            one.stop()


class Load:
    """The process with the clients."""

    def __init__(self) -> None:
        self._process = _started([sys.executable, "-m", "benchmarks.realtime.load"])

    def order(self, do: str, server: Server | Group, **options: Any) -> Any:
        """Have something done to *server*; what came of it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {"do": do, "side": server.name, "port": server.port, **options}
        if isinstance(server, Group):
            order["ports"] = server.ports
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise SystemExit(f"{server.name} did not come to the end of {do!r}.")
        return json.loads(answer)

    def stop(self) -> None:
        with self._process:
            self._process.kill()


def compared(
    load: Load, servers: Sequence[Server | Group], rounds: int, do: str, share: int, **options: Any
) -> dict[str, tuple[float, float]]:
    """Per server the microseconds of one of *share* pieces of work, and the ratio to the first one.

    The servers take turns; a ratio is between neighbours in time, and the median of all counts.
    """
    found: list[dict[str, float]] = []
    for number in range(rounds + 1):
        times: dict[str, float] = {}
        for server in servers:
            before = server.seconds()
            load.order(do, server, **options)
            times[server.name] = (server.seconds() - before) / share * 1e6
        # The first round connects.
        if number:
            found.append(times)
    first = servers[0].name
    return {
        server.name: (
            median(times[server.name] for times in found),
            median(times[server.name] / times[first] for times in found),
        )
        for server in servers
    }


def _command(side: str) -> list[str]:
    if side == "node_ws":
        node = shutil.which("node")
        assert node is not None
        return [node, str(Path(__file__).parent / "sides" / "node_ws.mjs")]
    return [sys.executable, "-m", "benchmarks.realtime.serve", side]


def _started(command: list[str], **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        env={**os.environ, **environment},
    )
