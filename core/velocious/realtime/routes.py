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
        by_type: the routes, by the type of their messages.

    Raises:
        DuplicateMessageError: two of them handle the same type.
    """

    def __init__(self, routers: Iterable[SocketRouter]) -> None:
        self.connection_guards: list[GuardFunction] = []
        self.by_type: dict[str, SocketRoute] = {}
        for router in routers:
            self.add(router)

    def add(self, router: SocketRouter) -> None:
        builder = RouteBuilder()
        router.configure(builder)
        self.connection_guards.extend(builder.connection_guards)
        for route in builder.routes:
            if route.message.name in self.by_type:
                raise DuplicateMessageError(route.message.name)
            self.by_type[route.message.name] = route

    @property
    def types(self) -> Sequence[str]:
        return list(self.by_type)
