"""An entrance of an application: where its websockets and its HTTP requests arrive."""

from __future__ import annotations

import asyncio
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.websockets import WebSocketClose

from velocious.controller.cors import Cors
from velocious.controller.cors.origins import Origins
from velocious.controller.csrf.guard import ForgeryGuard
from velocious.realtime.asgi.requests import AsgiRequests
from velocious.realtime.asgi.websockets import WebSockets
from velocious.routing.answering import allowed_only
from velocious.routing.probes import STOPPING
from velocious.routing.realtime.asked import Asked
from velocious.routing.realtime.later import LaterApplication
from velocious.routing.realtime.sessions import read_upgrade

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from velocious.configuration import Configuration
    from velocious.realtime.application import ApplicationRealtime
    from velocious.realtime.engine import Engine
    from velocious.realtime.entrance import Entrance


#: path below the entrance → method → the module next to this one, and the function in it.
_ADDRESSES: dict[str, dict[str, tuple[str, str]]] = {
    "": {"GET": ("upgrading", "upgrade_required")},
    "auth": {"POST": ("auth", "authorize")},
    "events": {"GET": ("events", "stream")},
    "metrics": {"GET": ("metrics", "metrics")},
    "events/subscribe": {"POST": ("events", "subscribe")},
    "events/unsubscribe": {"POST": ("events", "leave")},
}


class RealtimeEndpoint:
    """Answers at one path of an application, and starts and stops with it."""

    def __init__(self, configuration: Configuration, entrance: Entrance) -> None:
        self._configuration = configuration
        self._entrance = entrance
        self._leaving: asyncio.Task[None] | None = None
        http = configuration.http
        self._guard = ForgeryGuard(Origins([*http.trusted_origins]), Cors.of(http))
        # What makes no sense stops the start, not the first connection.
        realtime = configuration.realtime
        engine = realtime.engine(entrance)
        if entrance.requests:
            engine.requests = AsgiRequests(LaterApplication(configuration))
        realtime.dialects(entrance)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await self._connect(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._configuration.realtime.start()
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
            await send({"type": "lifespan.startup.failed", "message": message})
            raise
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._configuration.realtime.stop()
        if self._leaving is not None:
            self._leaving.cancel()
        await send({"type": "lifespan.shutdown.complete"})

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        realtime = self._configuration.realtime
        if _below(scope) or realtime.is_stopped:
            await WebSocketClose()(scope, receive, send)
            return
        engine = await self._started(realtime)
        self._watch(scope, realtime)
        read = partial(read_upgrade, self._configuration)
        await WebSockets(engine, realtime.dialects(self._entrance), read)(scope, receive, send)

    async def _started(self, realtime: ApplicationRealtime) -> Engine:
        engine = realtime.engine(self._entrance)
        # The application may be asked without ever having been told that it lives.
        await realtime.start()
        return engine

    def _watch(self, scope: Scope, realtime: ApplicationRealtime) -> None:
        """Send everybody away as soon as the server begins to stop, where it says so."""
        extensions: dict[str, Any] = scope.get("extensions") or {}
        stopping = extensions.get(STOPPING)
        if stopping is not None and self._leaving is None:
            self._leaving = asyncio.create_task(_leave(stopping, realtime))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        addresses = _ADDRESSES.get(_below(scope))
        if addresses is None:
            raise HTTPException(404)
        home = addresses.get(scope["method"])
        if home is None:
            raise HTTPException(405, headers=allowed_only({*addresses}))
        realtime = self._configuration.realtime
        if realtime.is_stopped:
            raise HTTPException(503, headers={"Retry-After": "5"})
        engine = await self._started(realtime)
        self._watch(scope, realtime)
        # Imported here: most applications are asked for sockets only.
        answer = getattr(import_module(f"velocious.routing.realtime.{home[0]}"), home[1])
        await answer(Asked(self._configuration, engine, self._guard, scope, receive, send))


def _below(scope: Scope) -> str:
    """What of the path stands below the entrance; empty for the entrance itself."""
    path: str = scope["path"]
    return path.removeprefix(scope["root_path"]).strip("/")


async def _leave(stopping: Any, realtime: ApplicationRealtime) -> None:
    await stopping.wait()
    await realtime.stop()
