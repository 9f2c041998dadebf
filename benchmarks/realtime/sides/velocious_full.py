"""Velocious's engine with everything on: a private channel with presence and history."""

from __future__ import annotations

import socket

from benchmarks.realtime.sides import velocious
from velocious.realtime.channel import Channel
from velocious.realtime.history import Keep


class News(Channel):
    pattern = "presence-news"
    history = Keep(count=100, seconds=300)

    async def authorize(self) -> bool:
        return self.user is not None


async def serve(listener: socket.socket) -> None:
    await velocious.serve(listener, [News])
