"""What a redirect, a mounted application and a route that runs elsewhere answer with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.websockets import WebSocketClose

from velocious.routing.redirects import redirect_address

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from velocious.routing.route import Redirect

#: Says where a request is answered that is not answered here.
ELSEWHERE = "Velocious-Runs-On"


def redirect_endpoint(drawn: Redirect) -> ASGIApp:
    """The ASGI application that sends to where *drawn* leads."""

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        address = redirect_address(
            drawn.address,
            {name: str(value) for name, value in scope["path_params"].items()},
            root_path=scope.get("root_path", ""),
            query=scope["query_string"].decode("latin-1"),
        )
        await Response(status_code=drawn.status, headers={"Location": address})(
            scope, receive, send
        )

    return endpoint


def elsewhere_endpoint(path: str, place: str) -> ASGIApp:
    """The ASGI application that says that *place* answers *path*: a route that does not run here
    keeps its place, so that no other one takes its requests.
    """

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        raise HTTPException(
            404, f"{path} is answered by the {place} only.", headers={ELSEWHERE: place}
        )

    return endpoint


def allowed_only(methods: set[str]) -> dict[str, Any]:
    """The headers that name *methods*."""
    return {"Allow": ", ".join(sorted({*methods, "OPTIONS"}))}
