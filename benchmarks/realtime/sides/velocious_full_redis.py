"""Velocious's engine with everything on, one of several processes that Redis connects."""

from __future__ import annotations

import socket

from benchmarks.realtime.sides import velocious, velocious_redis
from benchmarks.realtime.sides.velocious_full import News


async def serve(listener: socket.socket) -> None:
    await velocious.serve(listener, [News], velocious_redis.provider())
