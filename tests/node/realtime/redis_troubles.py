"""Troubles that processes have with Redis, made on purpose."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from tests.contracts.realtime_provider_contract import made
from tests.node.redis import QUICK
from velocious_node.realtime.redis import RedisProvider

if TYPE_CHECKING:
    from velocious.realtime import Engine


async def process(url: str, **options: Any) -> Engine:
    """An engine that stands for a process of its own."""
    engine = made(RedisProvider(url, **{**QUICK, **options}))
    await engine.start()
    return engine


def provider_of(engine: Engine) -> RedisProvider:
    return cast("RedisProvider", engine.provider)


async def crash(engine: Engine) -> None:
    """It ends as a killed process does: nobody says good-bye, its connections just break."""
    provider = provider_of(engine)
    engine._heartbeat.stop()
    tasks = [provider._tending, provider._subscriber._task, provider._outbox._task]
    provider._tending = provider._subscriber._task = provider._outbox._task = None
    alive = [task for task in tasks if task is not None]
    for task in alive:
        task.cancel()
    await asyncio.gather(*alive, return_exceptions=True)


class Cut:
    """The network between one process and Redis is broken, until :meth:`heal`."""

    def __init__(self, engine: Engine) -> None:
        provider = provider_of(engine)
        self._server = provider._subscriber._server
        self._connection = self._server.connection
        cast("Any", self._server).connection = self._refuse
        for held in (provider._subscriber._connection, cast("Any", provider._outbox._link)):
            connection = getattr(held, "_connection", held)
            writer = getattr(connection, "_writer", None)
            if writer is not None:
                # It may have ended by itself, after an earlier trouble.
                with suppress(OSError):
                    writer.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    async def _refuse(self, timeout: float) -> Any:
        raise ConnectionError("the network is broken")

    def heal(self) -> None:
        cast("Any", self._server).connection = self._connection
