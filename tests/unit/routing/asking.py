"""Asks applications whose routes a test draws, without a socket."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx

from velocious.configuration import Configuration
from velocious.controller import Controller
from velocious_node import LogSettings, NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.environment import EnvironmentHandler
    from velocious.routing import Routes


class EchoController(Controller):
    """Says which action answered, and with which parameters."""

    async def index(self) -> None:
        self._echo()

    async def show(self) -> None:
        self._echo()

    def _echo(self) -> None:
        self.render(json={"action": self.action, **dict(self.params.items())})


def configuration_of(
    routes: Routes, *, handler: EnvironmentHandler | None = None, **options: Any
) -> Configuration:
    """A configuration with *routes*, a database in memory and no log."""
    settings: dict[str, Any] = {"environment": "test", **options}
    return Configuration(
        environment_handler=handler or NodeEnvironmentHandler(log=LogSettings(console=False)),
        databases={"default": "sqlite:///:memory:"},
        routes=routes,
        **settings,
    )


@asynccontextmanager
async def client_of_routes(
    routes: Routes, *, root_path: str = "", **options: Any
) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of an application with *routes*."""
    async with configuration_of(routes, **options) as configuration:
        transport = httpx.ASGITransport(configuration.asgi(), root_path=root_path)
        async with httpx.AsyncClient(transport=transport, base_url="http://app.test") as client:
            yield client
