"""Asks an application for answers, without a socket."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx

from velocious.configuration import Configuration
from velocious.routing import Routes
from velocious.routing.resolving import action_names
from velocious_node import LogSettings, NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.controller import Controller


@asynccontextmanager
async def client_of(
    controller: type[Controller], *, environment: str = "test", **options: Any
) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of an application in which every action of *controller* answers at ``/<action>``,
    to every method, and at ``/<action>/<number>``.
    """
    routes = Routes()
    for name in action_names(controller):
        for verb in (routes.get, routes.post, routes.delete):
            verb(f"/{name}", to=(controller, name))
            verb(f"/{name}/{{id:int}}", to=(controller, name))
    settings: dict[str, Any] = {"databases": {"default": "sqlite:///:memory:"}, **options}
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(log=LogSettings(console=False)),
        environment=environment,
        routes=routes,
        **settings,
    )
    async with (
        configuration,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(configuration.asgi()), base_url="http://app.test"
        ) as client,
    ):
        yield client
