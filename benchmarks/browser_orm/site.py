"""Serves the application of a benchmark in the browser, with the modules that it shares beside it."""

from __future__ import annotations

import shutil
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.responses import FileResponse
from starlette.routing import Route

from velocious.configuration import Configuration
from velocious_node import NodeEnvironmentHandler
from velocious_node.browser.assets import routes

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

HERE = Path(__file__).parent
SENT = (
    "__init__.py",
    "orm/__init__.py",
    "orm/data.py",
    "orm/workloads.py",
    "orm/raw_side.py",
    "orm/velocious_models.py",
    "browser_orm/__init__.py",
    "browser_orm/contest.py",
)
START_TIMEOUT = 20.0


@contextmanager
def serving(
    directory: Path,
    benchmark: Path = HERE,
    sent: tuple[str, ...] = SENT,
    more: Sequence[BaseRoute] = (),
) -> Generator[str]:
    """Put the application of *benchmark* into *directory* and serve it on a free port; gives the
    URL of its page. *sent* are the modules of ``benchmarks`` that the browser gets.
    """
    _make(directory, benchmark, sent)
    server = uvicorn.Server(
        uvicorn.Config(
            _application(directory, benchmark, more),
            port=0,
            log_level="warning",
            ws="none",
            lifespan="off",
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"{_origin(server)}/page"
    finally:
        server.should_exit = True
        thread.join()


def _make(directory: Path, benchmark: Path, sent: tuple[str, ...]) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(benchmark / "application", directory, ignore=ignored, dirs_exist_ok=True)
    for name in sent:
        target = directory / "benchmarks" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HERE.parent / name, target)


def _application(directory: Path, benchmark: Path, more: Sequence[BaseRoute]) -> Starlette:
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(),
        environment="production",
        http={"hosts": ["*"]},
        directory=str(directory),
        browser=("app", "benchmarks"),
    )

    async def page(_: Request) -> FileResponse:
        return FileResponse(benchmark / "page.html")

    return Starlette(routes=[*routes(configuration), *more, Route("/page", page)])


def _origin(server: uvicorn.Server) -> str:
    deadline = time.monotonic() + START_TIMEOUT
    while not server.started:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the server did not start within {START_TIMEOUT} s")
        time.sleep(0.01)
    return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
