"""The messages of all routers, by type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import DuplicateMessageError
from velocious.realtime.router import RouteBuilder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from velocious.realtime.guards import GuardFunction
    from velocious.realtime.router import SocketRoute, SocketRouter


class SocketRoutes:
    """What routers declare.

    Attributes:
        connection_guards: those of all routers, in order.

    Raises:
        DuplicateMessageError: two of them handle the same type.
    """

    def __init__(self, routers: Iterable[SocketRouter]) -> None:
        self.connection_guards: list[GuardFunction] = []
        self._routes: dict[str, SocketRoute] = {}
        for router in routers:
            self.add(router)

    def add(self, router: SocketRouter) -> None:
        builder = RouteBuilder()
        router.configure(builder)
        self.connection_guards.extend(builder.connection_guards)
        for route in builder.routes:
            if route.message.name in self._routes:
                raise DuplicateMessageError(route.message.name)
            self._routes[route.message.name] = route

    def get(self, name: str) -> SocketRoute | None:
        return self._routes.get(name)

    @property
    def types(self) -> Sequence[str]:
        return list(self._routes)
