"""A real server with websockets, in the loop of a test."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import uvicorn

from tests.suites.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.realtime import Engine

HOST = "127.0.0.1"


@asynccontextmanager
async def serving(engine: Engine, application: Any) -> AsyncGenerator[int]:
    """The port at which *application*, whose websockets belong to *engine*, answers."""
    config = uvicorn.Config(
        application, host=HOST, port=0, ws="websockets-sansio", log_level=logging.ERROR
    )
    server = uvicorn.Server(config)
    await engine.start()
    task = asyncio.create_task(server._serve())
    await until(lambda: server.started)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        await engine.stop()
        server.should_exit = True
        await task
