"""A real server of an application, in the loop of a test."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import uvicorn

from tests.suites.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.types import ASGIApp

HOST = "127.0.0.1"


@asynccontextmanager
async def serving(application: ASGIApp) -> AsyncGenerator[str]:
    """The address at which *application* answers."""
    config = uvicorn.Config(
        application, host=HOST, port=0, ws="websockets-sansio", log_level=logging.ERROR
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    await until(lambda: server.started)
    try:
        yield f"http://{HOST}:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
