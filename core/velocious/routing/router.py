"""The innermost ASGI application: leads a request to what answers it.

Law: nothing stands between a route and its action. What no route answers is asked in this order:
applications mounted below a path, what the environment adds (files and the like), what is mounted
at the root; then it is 405 or 404.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Router
from starlette.websockets import WebSocketClose

from velocious.routing.answering import allowed_only
from velocious.routing.nearest import NothingHere

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

    from velocious.routing.hooks import RouteHooks
    from velocious.routing.routes import Routes
    from velocious.routing.table import RouteTable


class ApplicationRouter:
    """The routes of an application, and what its environment adds.

    Attributes:
        table: the drawn routes.
    """

    def __init__(
        self,
        table: RouteTable,
        routes: Routes,
        others: Sequence[BaseRoute],
        lifespan: Lifespan[Any],
        hooks: RouteHooks | None = None,
    ) -> None:
        self.table = table
        self._routes = routes
        self._hooks = hooks
        # "/tasks/" is another path than "/tasks": what is not drawn is not there.
        self._others = Router(
            others, redirect_slashes=False, lifespan=lifespan, default=self._unanswered
        )

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] != "http":
            return self._other(scope, receive, send)
        if self._hooks is not None:
            return self._hooked(self._hooks, scope, receive, send)
        endpoint = self.table.find(scope)
        if endpoint is None:
            return self._other(scope, receive, send)
        return endpoint(scope, receive, send)

    async def _hooked(self, hooks: RouteHooks, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = await hooks.find(scope, receive, send) or self.table.find(scope)
        await (endpoint or self._other)(scope, receive, send)

    async def _other(self, scope: Scope, receive: Receive, send: Send) -> None:
        mounted = None if scope["type"] == "lifespan" else self.table.find_mount(scope)
        if mounted is None or _is_whole(mounted, scope):
            await self._others(scope, receive, send)
        else:
            app, inner = mounted
            await app(inner, receive, send)

    async def _unanswered(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What nobody else answers: what is mounted at the root, a path of ours that has other
        methods, or no path of ours.
        """
        mounted = self.table.find_mount(scope)
        if mounted is not None:
            app, inner = mounted
            await app(inner, receive, send)
            return
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        allowed = self.table.allowed(scope)
        if not allowed:
            raise NothingHere(self._routes, scope)
        if scope["method"] != "OPTIONS":
            raise HTTPException(405, headers=allowed_only(allowed))
        await Response(status_code=204, headers=allowed_only(allowed))(scope, receive, send)


def _is_whole(mounted: tuple[ASGIApp, Scope], scope: Scope) -> bool:
    """Whether something is mounted at the root, where files of the environment come first."""
    return mounted[1]["root_path"] == scope.get("root_path", "").rstrip("/")
