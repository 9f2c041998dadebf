"""A real application behind the real server side, on a free port."""

from __future__ import annotations

import configparser
import json
import shutil
import threading
import time
import tomllib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route

from velocious.configuration import Configuration
from velocious_node import NodeEnvironmentHandler
from velocious_node.browser.assets import routes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

    from starlette.requests import Request
    from starlette.responses import Response

REPOSITORY = Path(__file__).resolve().parents[1]
INNER_APPLICATION = Path(__file__).parent / "inner_application"
TESTING_ARCHIVE = REPOSITORY / "runtime/build_cache/testing/testing.zip"
SHIPPED = ("conftest.py", "suites", "contracts")

#: A copy of everything for later visits is made where a test asks for it, with ``offline``.
PAGE = """<!doctype html><title>Velocious tests</title>
<script type="module">
  import { start } from '/velocious/client.mjs';
  window.startApplication = async (archives, { offline = false, ...options } = {}) => {
    const url = new URL('/velocious/boot.json', location).href;
    const boot = await (await fetch(url)).json();
    if (boot.error) throw new Error(boot.error.message);
    const archived = [...boot.archives, ...archives];
    window.app = await start({ ...options, offline, boot: { ...boot, url, archives: archived } });
  };
  window.loaded = true;
</script>"""


def make_inner_application(directory: Path) -> Path:
    """The application that runs pytest, with the suites and contracts of this repository."""
    root = directory / "inner-suites"
    shutil.copytree(INNER_APPLICATION, root, ignore=shutil.ignore_patterns("__pycache__"))
    for name in SHIPPED:
        _copy(REPOSITORY / "tests" / name, root / "tests" / name)
    (root / "pytest.ini").write_text(_pytest_ini())
    return root


@contextmanager
def serving(
    directory: Path, browser: tuple[str, ...], *, memory_snapshot: bool = False
) -> Generator[str]:
    """Serve the browser side of the application at *directory*; gives its origin."""
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(),
        environment="test",
        directory=str(directory),
        browser=browser,
        memory_snapshot=memory_snapshot,
    )
    pages = [
        Route("/", _page),
        Route("/testing.zip", _testing_archive),
        *(Route(f"/{page.name}", _file(page)) for page in directory.glob("*.html")),
    ]
    server = uvicorn.Server(
        uvicorn.Config(
            Starlette(routes=[*pages, *routes(configuration)]),
            port=0,
            log_level="warning",
            ws="none",
            lifespan="off",
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield _origin(server)
    finally:
        server.should_exit = True
        thread.join()


def testing_archive() -> dict[str, Any]:
    """pytest and what it needs, as an archive of boot.json."""
    return {
        "name": "testing",
        "url": "/testing.zip",
        "size": TESTING_ARCHIVE.stat().st_size,
        "lazy": True,
        "modules": [
            "pytest",
            "_pytest",
            "iniconfig",
            "packaging",
            "pygments",
            "hypothesis",
            "sortedcontainers",
        ],
    }


async def _page(request: Request) -> Response:
    return HTMLResponse(PAGE)


def _file(page: Path) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return FileResponse(page)

    return answer


async def _testing_archive(request: Request) -> Response:
    return FileResponse(TESTING_ARCHIVE, media_type="application/zip")


def _origin(server: uvicorn.Server) -> str:
    deadline = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > deadline:
            raise TimeoutError("the server of the tests did not start within 20 seconds")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    return f"http://127.0.0.1:{port}"


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def _pytest_ini() -> str:
    """The settings of this repository's pytest, without those about its own files."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    options: dict[str, Any] = settings["tool"]["pytest"]["ini_options"]
    lines = ["[pytest]"]
    for name, value in options.items():
        if name not in ("testpaths", "minversion"):
            lines.append(f"{name} = {_ini_value(value)}")
    text = "\n".join(lines) + "\n"
    configparser.RawConfigParser().read_string(text)
    return text


def _ini_value(value: Any) -> str:
    if isinstance(value, list):
        entries: list[str] = [str(entry) for entry in value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        return "".join(f"\n    {entry}" for entry in entries)
    return json.dumps(value) if isinstance(value, bool) else str(value)
