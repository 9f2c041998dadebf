"""A cluster of three Redis servers of a test's own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

import pytest
from redis import Redis
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

NODES = 3
#: What the keys of a cluster are spread over.
SLOTS = 16384
#: Seconds until the servers agree that all is well.
PATIENCE = 60.0


class Node:
    """One server. One that is started again has its old place in the cluster."""

    def __init__(self, directory: Path, port: int, bus: int) -> None:
        self.port, self.bus = port, bus
        self._directory = directory
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._directory.mkdir(exist_ok=True)
        self._process = subprocess.Popen(
            [
                *("redis-server", "--port", str(self.port), "--bind", "127.0.0.1"),
                *("--cluster-enabled", "yes", "--cluster-port", str(self.bus)),
                # Long enough for a busy machine: where a server seems to be away for that, what is
                # published is not passed on to it, and nobody hears of that.
                *("--cluster-node-timeout", "10000", "--save", "", "--dir", str(self._directory)),
            ],
            stdout=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """As a power failure would."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def ask(self, *command: Any) -> Any:
        client = cast("Any", Redis)(host="127.0.0.1", port=self.port, decode_responses=True)
        try:
            return client.execute_command(*command)
        finally:
            client.close()

    @property
    def is_well(self) -> bool:
        """Whether it says that all are there, and speaks to them."""
        try:
            info, nodes = str(self.ask("CLUSTER", "INFO")), str(self.ask("CLUSTER", "NODES"))
        except (RedisError, OSError):
            return False
        links = [line.split()[7] for line in nodes.splitlines()]
        return _pairs(info).get("cluster_state") == "ok" and links == ["connected"] * NODES


class Cluster:
    """Three servers, each with a third of the keys, and no replicas."""

    def __init__(self, directory: Path) -> None:
        ports = _free_ports(2 * NODES)
        self.nodes = [
            Node(directory / f"node-{number}", ports[number], ports[NODES + number])
            for number in range(NODES)
        ]

    @property
    def url(self) -> str:
        return f"redis+cluster://127.0.0.1:{self.nodes[0].port}"

    def start(self) -> None:
        for number, one in enumerate(self.nodes):
            one.start()
            _until(lambda one=one: _answers(one))
            first, after = SLOTS * number // NODES, SLOTS * (number + 1) // NODES
            one.ask("CLUSTER", "ADDSLOTSRANGE", first, after - 1)
            one.ask("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        for one in self.nodes[1:]:
            self.nodes[0].ask("CLUSTER", "MEET", "127.0.0.1", one.port, one.bus)
        self.wait()

    def wait(self) -> None:
        """Until every server says that all of them are there."""
        _until(lambda: all(one.is_well for one in self.nodes))

    def kill(self) -> None:
        for one in self.nodes:
            one.kill()


def _answers(node: Node) -> bool:
    with suppress(RedisError, OSError):
        return bool(node.ask("PING"))
    return False


def _until(condition: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "the cluster does not come up"
        time.sleep(0.05)


def _pairs(info: str) -> dict[str, str]:
    return dict(line.split(":", 1) for line in info.split() if ":" in line)


def _free_ports(count: int) -> list[int]:
    held = [socket.socket() for _ in range(count)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


@contextmanager
def own_cluster(directory: Path) -> Generator[Cluster]:
    """A running cluster whose servers the test may kill; it is gone afterwards. Skips the test
    where redis-server is missing, and fails it where ``CI=true``.
    """
    if shutil.which("redis-server") is None:
        report = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        report("redis-server is not installed")
    made = Cluster(directory)
    try:
        made.start()
        yield made
    finally:
        made.kill()
