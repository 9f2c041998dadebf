"""Database servers of a test's own, which it may kill: in a new directory, on a free port."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from velocious_node.testing.postgresql import is_listening

if TYPE_CHECKING:
    from collections.abc import Generator

#: Seconds that a server may take to start.
PATIENCE = 30.0


class OwnServer:
    """A server process that can be killed and started again on the same data."""

    def __init__(self, command: list[str], url: str, user: str | None) -> None:
        self.url = url
        self._command = command
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._process = subprocess.Popen(
            self._command, user=self._user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + PATIENCE
        while not is_listening(self.url, 0):
            assert self._process.poll() is None, f"{self._command[0]} ended while it started"
            assert time.monotonic() < deadline, f"{self._command[0]} does not answer"
            time.sleep(0.05)

    def kill(self) -> None:
        """End it without a chance to tidy up, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def own_postgresql() -> Generator[OwnServer]:
    """A PostgreSQL server with an empty cluster."""
    initdb, postgres = _program("initdb"), _program("postgres")
    with _directory("postgres") as (directory, user):
        data = str(directory / "data")
        options = ["--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8"]
        _run([initdb, "--pgdata", data, *options], user)
        port = _free_port()
        command = [postgres, "-D", data, "-p", str(port), "-k", str(directory), "-h", "127.0.0.1"]
        yield from _running(command, f"postgresql://postgres@127.0.0.1:{port}/restarts", user)


@contextmanager
def own_mariadb() -> Generator[OwnServer]:
    """A MariaDB server with an empty data directory."""
    install, mariadbd = _program("mariadb-install-db"), _program("mariadbd")
    with _directory("mysql") as (directory, user):
        data = f"--datadir={directory / 'data'}"
        login = "--auth-root-authentication-method=normal"
        _run([install, "--no-defaults", data, login, "--skip-test-db"], user)
        port = _free_port()
        places = [f"--socket={directory / 'socket'}", f"--pid-file={directory / 'pid'}"]
        address = [f"--port={port}", "--bind-address=127.0.0.1"]
        command = [mariadbd, "--no-defaults", data, *places, *address]
        yield from _running(command, f"mysql://root@127.0.0.1:{port}/restarts", user)


def _running(command: list[str], url: str, user: str | None) -> Generator[OwnServer]:
    server = OwnServer(command, url, user)
    server.start()
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def _directory(preferred: str) -> Generator[tuple[Path, str | None]]:
    """A directory, and the user a server runs as there: servers refuse to run as root."""
    with tempfile.TemporaryDirectory(prefix="velocious-server-") as name:
        user = None
        if os.geteuid() == 0:
            known = {entry.pw_name for entry in pwd.getpwall()}
            user = preferred if preferred in known else "nobody"
            shutil.chown(name, user)
        yield Path(name), user


def _program(name: str) -> str:
    """Where *name* is; without it a skip, or a failure on continuous integration."""
    folders = [str(folder) for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"))]
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", *folders])
    found = shutil.which(name, path=path)
    if found is None:
        report = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        report(f"{name} is not installed: a server of the test's own cannot be started")
    return found


def _run(command: list[str], user: str | None) -> None:
    done = subprocess.run(command, user=user, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
