"""``SocketRouter``: messages with guards and schemas, kept together in a class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from velocious.errors import Fault
from velocious.realtime.guards import guard_function
from velocious.realtime.message import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from velocious.realtime.context import Context
    from velocious.realtime.guards import GuardFunction
    from velocious.realtime.registry import Handler


@dataclass(slots=True)
class SocketRoute:
    """One type of message.

    Attributes:
        message: its type and schema.
        handler: its result is the reply.
        guards: asked before, in this order.
        concurrent: whether several of one connection may run side by side.
    """

    message: Message
    handler: Handler
    guards: list[GuardFunction]
    concurrent: bool = False

    async def __call__(self, context: Context) -> Any:
        for guard in self.guards:
            if await guard(context) is not True:
                raise Fault("forbidden", "Forbidden", status=403)
        context.data = self.message.checked(context.data)
        return await self.handler(context)


class RouteBuilder:
    """What :meth:`SocketRouter.configure` declares with."""

    def __init__(self) -> None:
        self.connection_guards: list[GuardFunction] = []
        self.routes: list[SocketRoute] = []
        self._guards: list[GuardFunction] = []

    def connection_guard(self, guard: Any) -> RouteBuilder:
        """Asked once, when a client connects."""
        self.connection_guards.append(guard_function(guard))
        return self

    def guard(self, guard: Any) -> RouteBuilder:
        """Asked before each message: of all types where no type was declared yet, else of the last
        one.
        """
        guards = self.routes[-1].guards if self.routes else self._guards
        guards.append(guard_function(guard))
        return self

    def guards(self, guards: Sequence[Any]) -> RouteBuilder:
        """These, in place of those that were declared."""
        self.clear_guards()
        for one in guards:
            self.guard(one)
        return self

    def clear_guards(self) -> RouteBuilder:
        """None of those that were declared."""
        (self.routes[-1].guards if self.routes else self._guards).clear()
        return self

    def on(
        self,
        type: str | Message,
        handler: Handler,
        schema: Mapping[str, Any] | None = None,
        *,
        concurrent: bool = False,
    ) -> RouteBuilder:
        """Messages of *type* go to *handler*, whose result is the reply."""
        message = type if isinstance(type, Message) else Message(type, schema)
        self.routes.append(SocketRoute(message, handler, list(self._guards), concurrent))
        return self


class SocketRouter:
    """Messages that belong together.

    ::

        class TaskRouter(SocketRouter):
            def configure(self, routes):
                routes.guard(SignedIn)
                routes.on("task.move", self.move, {"type": "object", "required": ["id"]})

            async def move(self, context):
                return {"moved": context.data["id"]}
    """

    def configure(self, routes: RouteBuilder) -> None:
        """Declare guards and messages."""
        raise NotImplementedError(
            f"{type(self).__name__} declares no messages. Write `def configure(self, routes):` "
            'with `routes.on("task.move", self.move)` in it.'
        )
