"""What a server process may be told about itself: how it logs, what password digests cost, how much
a client may ask of it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, cast

from velocious.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class LogSettings:
    """Where a server process logs.

    Attributes:
        console: write to standard error; None means everywhere but in the environment "test".
        file: write to ``log/<environment>.log`` of the application.
        max_bytes: how large that file grows before it is renamed to ``….log.1``.
        backups: how many renamed files are kept.
        format: ``"text"``, or ``"json"`` for one object a line, as programs that collect logs like.
    """

    console: bool | None = None
    file: bool = True
    max_bytes: int = 20_000_000
    backups: int = 3
    format: Literal["text", "json"] = "text"


@dataclass(frozen=True, slots=True)
class PasswordSettings:
    """What a digest of a password costs whoever makes one, in the terms of argon2.

    Digests that cost something else are renewed when their owners sign in. The tests of an
    application may choose the least: ``PasswordSettings(memory=8, iterations=1, parallelism=1)``.

    Attributes:
        memory: KiB for one digest; scrypt uses as much of it as its powers of two allow.
        iterations: how often the memory is gone through.
        parallelism: how many lanes the memory has.
        threads: how many digests are made at a time; further ones wait.
    """

    memory: int = 65536
    iterations: int = 3
    parallelism: int = 4
    threads: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """How much a client may ask of a server process, and how long it may take for it.

    Given as ``NodeEnvironmentHandler(server=ServerSettings(max_requests=500))``.

    Attributes:
        head_bytes: bytes that a request's line and headers may have together.
        head_count: headers that a request may have.
        head_seconds: how long a client may take for them.
        body_seconds: how often the pace of a body is looked at; too slow twice ends it.
        body_pace: bytes a second that a client must send of a body on average meanwhile.
        idle_seconds: how long a connection is kept open for the next request. More than the proxy
            in front keeps it, for then it is the proxy that closes.
        write_seconds: how long a client may take nothing of an answer.
        max_connections: connections of a process; further ones get 503. None for any number.
        max_requests: requests that run at a time in a process; further ones get 503.
        grace_seconds: how long running requests may go on after the server was told to stop.
        drain_seconds: how long it still takes connections then, while readiness already says 503:
            what the load balancer needs to notice.
        socket_message_bytes: bytes that a message of a websocket may have; a longer one closes it
            with 1009.
        socket_ping_seconds: how often a websocket is asked whether it lives. After two questions
            without an answer it is dead: a minute at the latest, with the default.
        socket_unread_bytes: bytes that wait for a client which does not read before its sends do.
        socket_deflate: compress messages, for clients that can. It doubles what a message costs,
            and every connection keeps 38 KiB for it.
    """

    head_bytes: int = 64 * 1024
    head_count: int = 100
    head_seconds: float = 15.0
    body_seconds: float = 10.0
    body_pace: int = 100
    idle_seconds: float = 75.0
    write_seconds: float = 60.0
    max_connections: int | None = None
    max_requests: int | None = None
    grace_seconds: float = 10.0
    drain_seconds: float = 0.0
    socket_message_bytes: int = 64 * 1024
    socket_ping_seconds: float = 25.0
    socket_unread_bytes: int = 64 * 1024
    socket_deflate: bool = False

    def __post_init__(self) -> None:
        """Raises ConfigurationError for a limit that is none."""
        for one in fields(self):
            value: Any = getattr(self, one.name)
            if (value is None and one.default is None) or type(value) is type(one.default) is bool:
                continue
            may_be_zero = one.name in ("drain_seconds", "grace_seconds", "body_pace")
            number = cast("float", value) if type(value) in (int, float) else -1
            if number < 0 or (number == 0 and not may_be_zero):
                allowed = "a number from 0 on" if may_be_zero else "a number above 0"
                raise ConfigurationError(
                    f"ServerSettings({one.name}={value!r}) is no limit; give {allowed}."
                )
