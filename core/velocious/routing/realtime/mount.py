"""What is drawn for realtime, before it is known which application it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import RoutingError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from velocious.configuration import Configuration
    from velocious.realtime.entrance import Entrance


class RealtimeMount:
    """An entrance that stands in routes."""

    def __init__(self, entrance: Entrance) -> None:
        self.entrance = entrance

    def for_configuration(self, configuration: Configuration) -> ASGIApp:
        """What answers in an application.

        Raises:
            ConfigurationError: a dialect or a channel makes no sense.
            DuplicateMessageError: two routers handle the same type of message.
        """
        # Imported here: drawing routes needs no engine.
        from velocious.routing.realtime.endpoint import RealtimeEndpoint

        return RealtimeEndpoint(configuration, self.entrance)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise RoutingError("Realtime routes are answered by Configuration.asgi() only.")
