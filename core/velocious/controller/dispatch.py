"""Runs an action: from a matched request to the response."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from velocious.controller.body import body_params
from velocious.controller.params import Params
from velocious.errors import RenderError

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from starlette.types import ASGIApp, Receive, Scope, Send

    from velocious.configuration import Configuration
    from velocious.controller.controller import Controller

_NO_TENANT = nullcontext()

WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})


def action_endpoint(
    configuration: Configuration, controller_class: type[Controller], action: str
) -> ASGIApp:
    """The ASGI application that answers with *action* of a new *controller_class*."""
    body = getattr(controller_class, action)
    limit = controller_class.body_limit

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        try:
            params = await request_params(request, limit)
            async with await _tenant_block(configuration, request, params):
                controller = controller_class(request, params, configuration, action)
                response = _response(controller, await body(controller))
                await response(scope, receive, send)
        finally:
            # Uploads lie in temporary files until here.
            await request.close()

    return endpoint


async def _tenant_block(
    configuration: Configuration, request: Request, params: Params
) -> AbstractAsyncContextManager[Any]:
    """The block of the tenant whose request it is."""
    resolver = configuration.tenant_resolver
    if resolver is None:
        return _NO_TENANT
    tenant = resolver(request=request, params=params)
    if isinstance(tenant, Awaitable):
        tenant = await cast("Awaitable[Any]", tenant)
    return configuration.run_with_tenant(tenant)


async def request_params(request: Request, limit: int) -> Params:
    """Path over body over query."""
    scope = request.scope
    query: bytes = scope["query_string"]
    params = Params(parse_qsl(query.decode("latin-1"), keep_blank_values=True) if query else ())
    if scope["method"] not in WITHOUT_BODY:
        params.update(await body_params(request, limit))
    params.update(scope["path_params"])
    return params


def _response(controller: Controller, returned: Any) -> Response:
    if isinstance(returned, Response):
        return returned
    if returned is None and controller.response is not None:
        return controller.response
    name = f"{type(controller).__name__}#{controller.action}"
    if returned is not None:
        raise RenderError(
            f"{name} returned {returned!r}, which is no response. Render it: "
            "`self.render(json=…)`, and return nothing."
        )
    raise RenderError(
        f"{name} ended without an answer. End it with self.render(json=…), self.render_text(…), "
        "self.redirect_to(…) or self.head(204)."
    )
