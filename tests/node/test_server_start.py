"""What must be settled before a server starts: production's settings, and the place to listen."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from velocious.configuration import Configuration
from velocious.errors import ConfigurationError
from velocious_node import LogSettings, NodeEnvironmentHandler, ServerSettings
from velocious_node.http.config import http_protocol
from velocious_node.http.guarded_h11 import GuardedH11
from velocious_node.http.guarded_httptools import GuardedHttpTools
from velocious_node.http.listening import BindError, listen, listen_at_path
from velocious_node.http.production import check_for_production, problems

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "s" * 32


def configured(environment: str = "production", **options: Any) -> Configuration:
    return Configuration(
        environment_handler=NodeEnvironmentHandler(log=LogSettings(console=False)),
        environment=environment,
        databases={"default": "sqlite:///:memory:"},
        **options,
    )


def test_production_names_everything_that_is_missing_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("VELOCIOUS_SECRET", raising=False)
    bare = configured(log_level="debug")
    with pytest.raises(ConfigurationError, match="not ready for production") as caught:
        check_for_production(bare)
    assert str(caught.value).count("\n  - ") == 3
    assert "velocious g:secret" in str(caught.value)
    assert 'http={"hosts": ["example.com"]}' in str(caught.value)
    assert len(problems(configured(secret=SECRET))) == 1
    check_for_production(configured(secret=SECRET, http={"hosts": ["shop.test"]}))
    check_for_production(configured("development"))


@pytest.mark.parametrize(
    "setting",
    [{"head_bytes": 0}, {"max_requests": -1}, {"grace_seconds": "10"}, {"head_count": True}],
)
def test_a_limit_that_is_none_is_an_error(setting: dict[str, Any]) -> None:
    (name,) = setting
    with pytest.raises(ConfigurationError, match=rf"ServerSettings\({name}=.*give a number"):
        ServerSettings(**setting)


def test_no_limit_and_no_time_are_limits_too() -> None:
    settings = ServerSettings(max_requests=None, drain_seconds=0, grace_seconds=0)
    assert (settings.max_requests, settings.grace_seconds) == (None, 0)


def test_a_socket_that_a_killed_server_left_is_replaced_and_a_live_one_is_not(
    tmp_path: Path,
) -> None:
    path = str(tmp_path / "shop.sock")
    listen_at_path(path).close()
    with listen_at_path(path) as alive:
        with pytest.raises(BindError, match="Another server listens at"):
            listen_at_path(path)
        assert alive.getsockname() == path
    (tmp_path / "notes").write_text("keep me")
    with pytest.raises(BindError, match="is no socket"):
        listen_at_path(str(tmp_path / "notes"))
    assert (tmp_path / "notes").read_text() == "keep me"
    with pytest.raises(BindError, match="cannot listen at the Unix socket"):
        listen_at_path(str(tmp_path / "nowhere" / "shop.sock"))
    with pytest.raises(BindError, match="at most 100 characters"):
        listen_at_path(str(tmp_path / ("long" * 50)))


def test_what_is_accepted_waits_for_no_acknowledgement() -> None:
    with listen("127.0.0.1", 0) as listener, socket.socket() as client:
        client.connect(listener.getsockname())
        listener.settimeout(5)
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.proto == socket.IPPROTO_TCP
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_fast_parser_is_taken_where_it_is_installed() -> None:
    assert http_protocol() is http_protocol("httptools") is GuardedHttpTools
    assert http_protocol("h11") is GuardedH11


def test_a_socket_of_systemd_is_taken_by_the_process_it_is_meant_for() -> None:
    program = (
        "import os, sys\n"
        "os.dup2(int(sys.argv[2]), 3)\n"
        "os.environ['LISTEN_PID'] = str(os.getpid() + int(sys.argv[1]))\n"
        "from velocious_node.http.listening import activated\n"
        "found = activated()\n"
        "print(found and found.getsockname()[1], 'LISTEN_FDS' in os.environ)\n"
    )

    def said(offset: int, count: str) -> str:
        with listen("127.0.0.1", 0) as listener:
            number = listener.fileno()
            # systemd hands it down as the third descriptor.
            done = subprocess.run(
                [sys.executable, "-c", program, str(offset), str(number)],
                pass_fds=[number],
                env={**os.environ, "LISTEN_FDS": count},
                capture_output=True,
                text=True,
                check=False,
            )
            port = str(listener.getsockname()[1])
            return (done.stdout + done.stderr).replace(port, "PORT")

    assert said(0, "1") == "PORT False\n"
    assert said(1, "1") == "None False\n"
    assert "systemd has opened 2 sockets; this server takes one" in said(0, "2")


async def test_systemd_is_told_that_the_server_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from velocious_node.http.notifying import notify

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        notify("READY=1")
        assert await asyncio.to_thread(systemd.recv, 100) == b"READY=1"
    monkeypatch.delenv("NOTIFY_SOCKET")
    notify("READY=1")
