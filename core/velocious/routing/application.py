"""Assembles the ASGI application: the application's routes, then what the environment adds.

Law: no layer of Starlette's middleware: the envelope is the only one around the router, so that a
request costs little more than Starlette's own.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from velocious.routing.building import TableBuilder
from velocious.routing.envelope import Envelope
from velocious.routing.mounted_lifespan import living
from velocious.routing.probes import Probes
from velocious.routing.router import ApplicationRouter

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Lifespan

    from velocious.configuration import Configuration
    from velocious.routing.mounted_lifespan import MountedApp


def application(configuration: Configuration, mounts: Sequence[BaseRoute] = ()) -> ASGIApp:
    """The ASGI application of *configuration*, whose lifespan opens and closes it.

    Raises:
        RoutingError: a route leads to no action.
    """
    envelope = Envelope(application_router(configuration, mounts), configuration)
    return Probes(envelope, configuration)


def application_router(
    configuration: Configuration, others: Sequence[BaseRoute] = ()
) -> ApplicationRouter:
    """The routes of *configuration*, each with its controller found, and *others* after them."""
    builder = TableBuilder(configuration)
    for drawn in configuration.routes.drawn:
        builder.add(drawn)
    if configuration.has_resources:
        # Imported here: most applications expose nothing.
        from velocious.routing.exposing import add_resource_routes

        add_resource_routes(builder.table, configuration)
    return ApplicationRouter(
        builder.table,
        configuration.routes,
        others,
        _lifespan(configuration, builder.mounted),
        _hooks(configuration, builder),
    )


def _hooks(configuration: Configuration, builder: TableBuilder) -> Any:
    hooks = configuration.http.route_hooks
    if not hooks:
        return None
    # Imported here: most applications have none.
    from velocious.routing.hooks import RouteHooks

    return RouteHooks(hooks, builder.table, configuration)


def _lifespan(configuration: Configuration, mounted: Sequence[MountedApp]) -> Lifespan[Any]:
    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncGenerator[None]:
        async with configuration, living(mounted):
            if configuration.has_resources:
                await configuration.resources.start()
            yield

    return lifespan
