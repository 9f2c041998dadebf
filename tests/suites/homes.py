"""The models that most suites share, in three homes: a database of their own, and a backend in the
same process that is asked over HTTP or a websocket.

Law: client and server are two applications with classes of their own, as in two programs: nothing
but requests goes between them.
"""

from __future__ import annotations

import importlib.util
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from tests.suites import models
from velocious import current
from velocious.http_client import HttpAnswer
from velocious.realtime.asgi.requests import AsgiRequests
from velocious.realtime.client import RealtimeClient
from velocious.realtime.entrance import Entrance
from velocious.realtime.upgrade import Upgrade
from velocious.resource import Resource
from velocious.testing.client import Client
from velocious.testing.realtime import MemoryConnector

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from types import ModuleType

    from velocious.configuration import Configuration
    from velocious.frontend_model import Backend
    from velocious.http_client import HttpRequest
    from velocious.testing.environment import TestEnvironment

ADDRESS = "http://backend.test"


def copy_of(module: ModuleType) -> Any:
    """*module* once more, with classes of its own."""
    name = f"{module.__name__}_served"
    known = sys.modules.get(name)
    if known is not None:
        return known
    assert module.__file__ is not None
    spec = importlib.util.spec_from_file_location(name, module.__file__)
    assert spec is not None and spec.loader is not None
    copy = importlib.util.module_from_spec(spec)
    sys.modules[name] = copy
    spec.loader.exec_module(copy)
    return copy


#: The models of the backend.
served = copy_of(models)


def may_do_everything(self: Any) -> None:
    """Rules of a resource without any."""
    self.can("manage")


def _everything(model: Any, *names: str, **more: Any) -> Any:
    """A resource that exposes the attributes *names* of *model*, and all its relationships."""
    body: dict[str, Any] = {
        "model": model,
        "attributes": names,
        "writable": names,
        "filterable": names,
        "sortable": names,
        "pluckable": names,
        "relationships": list(model._definition.relationships),
        "abilities": may_do_everything,
        **more,
    }
    return type(f"{model.__name__}Resource", (Resource,), body)


RESOURCES = (
    _everything(served.Account, "id", "name"),
    _everything(
        served.Project,
        *("id", "account_id", "name", "position"),
        nested={"tasks": {"allow_destroy": True}},
    ),
    _everything(served.ProjectDetail, "id", "project_id", "body"),
    _everything(
        served.Task,
        *("id", "project_id", "reviewed_by_id", "name", "done", "position"),
        *("created_at", "updated_at"),
    ),
    _everything(served.Comment, "id", "task_id", "body"),
)


class InProcess:
    """Sends the requests of a backend to an application in this process.

    Attributes:
        requests: those that were sent.
    """

    def __init__(self, server: Configuration) -> None:
        self.server = server
        self.requests: list[HttpRequest] = []
        self.connector: ServerConnector | None = None
        self._client = Client(server, base_url=ADDRESS, raises=False)

    async def __call__(self, request: HttpRequest) -> HttpAnswer:
        self.requests.append(request)
        with current.use(self.server):
            answer = await self._client.request(
                request.method, request.url, headers=request.headers, body=request.body
            )
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return HttpAnswer(answer.status, headers, answer.body)


class ServerSocket:
    """One websocket to the server, whose side of it runs under its own configuration."""

    def __init__(self, server: Configuration, socket: Any) -> None:
        self._server = server
        self._socket = socket

    async def send(self, frame: str | bytes) -> None:
        with current.use(self._server):
            await self._socket.send(frame)

    async def receive(self) -> str | bytes:
        return await self._socket.receive()

    async def close(self, code: int = 1000, reason: str = "") -> None:
        with current.use(self._server):
            await self._socket.close(code, reason)


class ServerConnector:
    """Connects realtime clients with the server.

    Attributes:
        frames: what was sent by them.
    """

    def __init__(self, server: Configuration) -> None:
        engine = server.realtime.engine(Entrance(requests=True))
        engine.requests = AsgiRequests(server.asgi())
        self._server = server
        upgrade = Upgrade(headers={"host": "backend.test"})
        self._connector = MemoryConnector(engine, upgrade=upgrade)

    async def connect(self, url: str, **options: Any) -> ServerSocket:
        with current.use(self._server):
            await self._server.realtime.start()
            return ServerSocket(self._server, await self._connector.connect(url, **options))

    async def cut(self) -> None:
        """End all connections, as a broken network does."""
        with current.use(self._server):
            await self._connector.cut()


@asynccontextmanager
async def backend_application(
    environment: TestEnvironment,
    *,
    served_models: Any = served.MODELS,
    schema: Any = models.SCHEMA,
    resources: Any = RESOURCES,
    client_models: Any = models.MODELS,
    settings: dict[str, Any] | None = None,
    websocket: bool = False,
    **options: Any,
) -> AsyncGenerator[tuple[Configuration, Backend, InProcess]]:
    """A client, current while the block runs, whose *client_models* live behind a server; what it
    asks goes by a websocket, or over HTTP.
    """
    # A page's own application answers, too, where the suites run in one.
    endpoint = {"on": "both", **options.pop("frontend_models", {})}
    async with environment.application(
        models=served_models,
        schema=schema,
        resources=resources,
        frontend_models=endpoint,
        **options,
    ) as server:
        road = InProcess(server)
        given = {"backend": ADDRESS, "request": road, **(settings or {})}
        async with AsyncExitStack() as stack:
            if websocket:
                road.connector = ServerConnector(server)
                socket = RealtimeClient("ws://backend.test/realtime", road.connector)
                given["websocket"] = await stack.enter_async_context(socket)
            client = await stack.enter_async_context(
                environment.client(models=client_models, databases={"default": given})
            )
            yield client, client.backends["default"], road
