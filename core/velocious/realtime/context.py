"""``Context``: what guards and handlers get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.realtime import outputs
from velocious.realtime.abilities import ability_of
from velocious.realtime.subscribing import subscribe_to, unsubscribe_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from velocious.authorization.ability import Ability
    from velocious.realtime.commands import RequestId
    from velocious.realtime.connection import Connection
    from velocious.realtime.hub import Hub
    from velocious.realtime.subscription import Subscription


class Context:
    """One message of one connection.

    Attributes:
        connection: who sent it.
        type: the message's type; ``"__connection__"`` in guards of connections.
        data: what it brought, checked by the route's schema where it has one.
        state: what guards and handlers keep. What a connection guard puts there is there for all
            messages; what others put there is there for this message.
        id: what the client calls its request.
        subscription: the one that the message is for, where it is for one.
    """

    __slots__ = ("_state", "connection", "data", "id", "subscription", "type")

    def __init__(
        self,
        connection: Connection,
        type: str,
        data: Any,
        *,
        state: dict[str, Any] | None = None,
        id: RequestId = None,
        subscription: Subscription | None = None,
    ) -> None:
        self.connection = connection
        self.type = type
        self.data = data
        self._state = state
        self.id = id
        self.subscription = subscription

    @property
    def state(self) -> dict[str, Any]:
        # Made for who asks: most messages are answered without.
        if self._state is None:
            self._state = dict(self.connection.state)
        return self._state

    @property
    def user(self) -> Any:
        """Whatever the application calls its user; None for an anonymous client."""
        return self.connection.user

    async def ability(self) -> Ability | None:
        """What ``Configuration(ability_resolver=…)`` says that this client may do."""
        return await ability_of(self.connection, self.subscription)

    @property
    def channels(self) -> Hub:
        """What publishes, and knows who listens."""
        return self.connection.hub

    def send(self, event: str, data: Any = None) -> None:
        """Tell this client, beside the reply. Raises TypeError where *data* has no form."""
        alias = None if self.subscription is None else self.subscription.alias
        now = self.channels.epoch_ms()
        self.connection.say(outputs.Reply(event, data, channel=alias, epoch_ms=now))

    async def subscribe(self, channel: str) -> None:
        """Put this client into *channel*, without asking whether it may."""
        await subscribe_to(self.connection, channel)

    async def unsubscribe(self, channel: str) -> None:
        """Take this client out of *channel*, whatever it calls it."""
        await unsubscribe_of(self.connection, channel)

    async def publish(
        self, channel: str, event: str, data: Any = None, *, exclude_self: bool = False
    ) -> None:
        """Tell everybody in *channel*; *exclude_self*: but not this connection."""
        exclude: Collection[str] = (self.connection.id,) if exclude_self else ()
        await self.channels.publish(channel, event, data, exclude=exclude)
