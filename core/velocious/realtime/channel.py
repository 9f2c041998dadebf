"""``Channel``: who may listen where, and what a channel remembers."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakValueDictionary

from velocious.realtime.abilities import ability_of
from velocious.realtime.names import Privacy, privacy_of

if TYPE_CHECKING:
    from collections.abc import Hashable

    from velocious.authorization.ability import Ability
    from velocious.realtime.connection import Connection
    from velocious.realtime.context import Context
    from velocious.realtime.history import Keep
    from velocious.realtime.presence import Member
    from velocious.realtime.publication import Publication


#: Every channel that was imported; the newest of a name.
_imported: WeakValueDictionary[str, type[Channel]] = WeakValueDictionary()


class Slow(StrEnum):
    """What happens to a listener for whom too much is waiting."""

    #: It is sent away, and comes back to what it missed.
    CLOSE = "close"
    #: It misses events, and is told so.
    DROP = "drop"
    #: It gets the newest of each :meth:`Channel.conflate_key`, once there is room again.
    CONFLATE = "conflate"


class Channel:
    """A kind of channel; one object for each subscription.

    ::

        class BoardChannel(Channel):
            pattern = "private-board.{id}"
            history = Keep(count=100, seconds=300)

            async def authorize(self):
                return await Board.where(id=self.params["id"], owner_id=self.user.id).exists()

    Attributes:
        pattern: the names it is for; ``{id}`` stands for letters, digits, ``_``, ``=``, ``@`` and
            ``-``, and is found in :attr:`params`.
        history: what is remembered for those who come back; None for nothing.
        slow: what happens to slow readers.
        client_events: whether clients may publish to each other. Only private and presence
            channels can: whoever may listen may speak.
        leave_grace: seconds for which a member that has gone is still there, so that a reload is
            not seen by the others; 0 for none.
        name: the channel that was asked for.
        params: what *pattern* found in it, and what the client sent along beside (under names that
            the pattern does not use).
        connection: who asks.
    """

    pattern: ClassVar[str] = ""
    history: ClassVar[Keep | None] = None
    slow: ClassVar[Slow] = Slow.CLOSE
    client_events: ClassVar[bool] = False
    leave_grace: ClassVar[float] = 5.0

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        _imported[f"{cls.__module__}.{cls.__qualname__}"] = cls

    def __init__(self, name: str, params: dict[str, Any], connection: Connection) -> None:
        self.name = name
        self.params = params
        self.connection = connection

    @property
    def user(self) -> Any:
        """Who asks, as authentication found it; None for anonymous clients."""
        return self.connection.user

    async def ability(self) -> Ability | None:
        """What ``Configuration(ability_resolver=…)`` says that this connection may do."""
        return await ability_of(self.connection, self)

    async def authorize(self) -> bool | Member:
        """Whether this connection may listen; in presence channels a :class:`Member` says as whom
        (True: as the connection's user). Raise :class:`~velocious.errors.Fault` to say why not.

        By default plain names are open, and all others closed.
        """
        return privacy_of(self.name) is Privacy.PUBLIC

    async def subscribed(self) -> None:
        """Called when the subscription is confirmed."""

    async def unsubscribed(self) -> None:
        """Called when it has ended, however it did."""

    async def perform(self, context: Context) -> Any:
        """Answer a message that the client sends into the channel, where its dialect has such. By
        default that is left to the handlers of the application.
        """
        return NotImplemented

    async def metadata_changed(self) -> None:
        """Called when the client has said something else about itself: ``state["metadata"]`` of the
        connection.
        """

    def paused(self) -> None:
        """Called when the client has lost its transport, and may come back to this very object."""

    def resumed(self) -> None:
        """Called when it has."""

    @classmethod
    def conflate_key(cls, publication: Publication) -> Hashable:
        """Where *slow* is ``Slow.CONFLATE``: what *publication* replaces for a listener who cannot
        keep up, which is whatever waits under the same key. By default its event, of one member
        each where clients say it.
        """
        return publication.event, publication.member

    async def client_event(self, publication: Publication) -> bool:
        """Whether what a client wants to tell the others may go out."""
        return True


def channels_of(package: str) -> list[type[Channel]]:
    """Every imported channel that says which names it is for and was defined inside *package*.

    One whose module is no longer loaded belongs to another application, which tests had before.
    """
    return [one for one in _imported.values() if one.pattern and _is_of(one, package)]


def _is_of(channel: type[Channel], package: str) -> bool:
    module = channel.__module__
    inside = module == package or module.startswith(package + ".")
    return inside and module in sys.modules


class OpenChannel(Channel):
    """What channels are that nobody declared."""
