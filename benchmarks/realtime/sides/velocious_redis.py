"""Velocious's engine, one of several processes that Redis connects."""

from __future__ import annotations

import socket

from benchmarks.realtime.group import GROUP, REDIS_URL
from benchmarks.realtime.sides import velocious
from velocious_node.realtime.redis import RedisProvider


def provider() -> RedisProvider:
    return RedisProvider(REDIS_URL, prefix=GROUP)


async def serve(listener: socket.socket) -> None:
    await velocious.serve(listener, provider=provider())
