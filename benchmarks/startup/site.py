"""Serves both contestants from one server: an application's browser side, and bare Pyodide."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from velocious.configuration import Configuration
from velocious_node import NodeEnvironmentHandler
from velocious_node.browser.assets import routes

if TYPE_CHECKING:
    from collections.abc import Generator

    from starlette.requests import Request

HERE = Path(__file__).parent
BARE = HERE.parents[1] / "runtime" / "node_modules" / "pyodide"
START_TIMEOUT = 20.0


@contextmanager
def serving() -> Generator[str]:
    """Serve on a free port; gives the origin."""
    server = uvicorn.Server(
        uvicorn.Config(_application(), port=0, log_level="warning", ws="none", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield _origin(server)
    finally:
        server.should_exit = True
        thread.join()


def configuration(*, memory_snapshot: bool = False) -> Configuration:
    """The application that is measured, as its server sees it."""
    return Configuration(
        environment_handler=NodeEnvironmentHandler(),
        # Two applications of one origin: neither finds what the other one has kept.
        name="startup-memory" if memory_snapshot else "startup",
        memory_snapshot=memory_snapshot,
        environment="production",
        http={"hosts": ["*"]},
        directory=str(HERE / "application"),
        browser=("app",),
    )


def _application() -> Starlette:
    return Starlette(
        routes=[
            *routes(configuration()),
            Mount("/memory", routes=routes(configuration(memory_snapshot=True))),
            Route("/pages/memory.html", _memory_page),
            Mount("/bare", StaticFiles(directory=BARE)),
            Mount("/pages", StaticFiles(directory=HERE / "pages")),
        ]
    )


async def _memory_page(request: Request) -> HTMLResponse:
    """The page of records, of the application that keeps Python's memory."""
    text = (HERE / "pages/records.html").read_text(encoding="utf-8")
    return HTMLResponse(text.replace("/velocious/", "/memory/velocious/"))


def _origin(server: uvicorn.Server) -> str:
    deadline = time.monotonic() + START_TIMEOUT
    while not server.started:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the server did not start within {START_TIMEOUT} s")
        time.sleep(0.01)
    return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
