"""Assembles the ASGI application: the application's routes, then what the environment adds.

Law: Starlette's router and nothing else of its middleware: the envelope is the only layer around
it, so that a request costs little more than Starlette's own.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from starlette.routing import Router

from velocious.controller.dispatch import action_endpoint
from velocious.routing.envelope import Envelope
from velocious.routing.resolving import resolve
from velocious.routing.table import RouteTable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Lifespan

    from velocious.configuration import Configuration


def application(configuration: Configuration, mounts: Sequence[BaseRoute] = ()) -> ASGIApp:
    """The ASGI application of *configuration*, whose lifespan opens and closes it.

    Raises:
        RoutingError: a route leads to no action.
    """
    router = Router(
        [route_table(configuration), *mounts],
        # "/tasks/" is another path than "/tasks": what is not drawn is not there.
        redirect_slashes=False,
        lifespan=_lifespan(configuration),
    )
    return Envelope(router, configuration)


def route_table(configuration: Configuration) -> RouteTable:
    """The routes of *configuration*, each with its controller found."""
    table = RouteTable()
    for route in configuration.routes:
        found = resolve(route)
        if found is not None:
            endpoint = action_endpoint(configuration, found, route.target.action)
            table.add(route.methods, route.path, endpoint)
    return table


def _lifespan(configuration: Configuration) -> Lifespan[Any]:
    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncGenerator[None]:
        async with configuration:
            yield

    return lifespan
