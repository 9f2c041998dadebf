"""The port for what connects the processes of an application: pub/sub, presence and history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.realtime.history import History, Keep
    from velocious.realtime.presence import Presence
    from velocious.realtime.publication import Publication

    #: Called with what other processes published.
    type Deliver = Callable[[Publication], None]
    #: Called with a channel whose history is broken: publications may have been lost.
    type Broken = Callable[[str | None], None]


class Provider(Protocol):
    """What the hub needs from the outside.

    Attributes:
        origin: the name of this process among the others.
        presence: who is in which channel, everywhere.
        history: what was published, by everybody.
    """

    origin: str
    presence: Presence
    history: History

    async def start(self, deliver: Deliver, broken: Broken) -> None:
        """Begin; safe to call twice. *broken* gets a channel, or None for all of them."""
        ...

    async def stop(self) -> None:
        """End; safe to call twice."""
        ...

    async def publish(
        self, publication: Publication, keep: Keep | None, local: Callable[[], None]
    ) -> None:
        """Bring *publication* to the other processes, and call *local* once when it is this one's
        turn: at once where nothing is remembered, in the order of positions where it is.
        """
        ...

    def interested(self, channel: str) -> Awaitable[None] | None:
        """This process has listeners of *channel* now. None, or done when it will hear of what is
        published from then on.
        """
        ...

    def uninterested(self, channel: str) -> None:
        """It has none any more."""
        ...
