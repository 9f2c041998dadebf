"""What a Redis that connects processes is asked to be like."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisSettings:
    """Names, deadlines and limits; seconds, bytes and counts.

    Attributes:
        prefix: what all keys and channels begin with: one for each application.
        secret: signs what is published, where others can write to the same server.
        timeout: seconds that an answer may take; after that Redis counts as gone.
        retry_least: seconds after which it is tried again at first, at most; twice as many each
            time, and never more than *retry_most*. The time is drawn at random, so that processes
            do not come back all at once.
        heartbeat: seconds between two looks whether a silent connection is alive.
        lease: seconds after which the members of a process that says nothing are gone.
        renew: seconds between two words of a process that it is there.
        queue: commands that wait to be sent.
        message_limit: bytes of a message that comes in.
    """

    prefix: str = "rt"
    secret: str | None = None
    timeout: float = 2.0
    retry_least: float = 0.1
    retry_most: float = 5.0
    heartbeat: float = 5.0
    lease: float = 30.0
    renew: float = 10.0
    queue: int = 10_000
    message_limit: int = 256 * KIB
