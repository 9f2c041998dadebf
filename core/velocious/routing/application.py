"""Assembles the ASGI application: the application's routes, then what the environment adds."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from velocious.controller.dispatch import action_endpoint
from velocious.errors import VelociousError
from velocious.routing.envelope import Envelope
from velocious.routing.failures import explain_failure, show_http_exception
from velocious.routing.resolving import resolve
from velocious.routing.table import RouteTable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from starlette.types import ExceptionHandler, Lifespan

    from velocious.configuration import Configuration


def application(configuration: Configuration, mounts: Sequence[BaseRoute] = ()) -> Starlette:
    """The ASGI application of *configuration*, whose lifespan opens and closes it.

    Raises:
        RoutingError: a route leads to no action.
    """
    return Starlette(
        routes=[route_table(configuration), *mounts],
        middleware=[Middleware(Envelope, configuration=configuration)],
        exception_handlers=_exception_handlers(configuration),
        lifespan=_lifespan(configuration),
    )


def route_table(configuration: Configuration) -> RouteTable:
    """The routes of *configuration*, each with its controller found."""
    table = RouteTable()
    for route in configuration.routes:
        found = resolve(route)
        if found is not None:
            endpoint = action_endpoint(configuration, found, route.target.action)
            table.add(route.methods, route.path, endpoint)
    return table


def _exception_handlers(
    configuration: Configuration,
) -> dict[type[Exception], ExceptionHandler]:
    async def http(request: Request, error: Exception) -> Response:
        return show_http_exception(request, error)

    async def ours(request: Request, error: Exception) -> Response:
        return explain_failure(request, error, configuration.environment)

    return {HTTPException: http, VelociousError: ours}


def _lifespan(configuration: Configuration) -> Lifespan[Starlette]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        async with configuration:
            yield

    return lifespan
