"""Who is in a channel.

Law: members are counted, not connections: a person with two tabs is there once, comes with the
first and goes with the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a channel.

    Attributes:
        id: who it is, the same on all of a person's connections.
        info: what the others are told about it: JSON.
        connections: with how many connections it is there.
    """

    id: str
    info: Any = None
    connections: int = 1


class Change(StrEnum):
    """What happens to a member, in the words of events."""

    ADDED = "member.added"
    REMOVED = "member.removed"
    UPDATED = "member.updated"


@dataclass(frozen=True, slots=True)
class Transition:
    """A change that the others are told of.

    Attributes:
        told: whether they were told already, by whoever keeps the presence of many processes: in
            the order in which it changed.
    """

    change: Change
    member: Member
    told: bool = False


class Presence(Protocol):
    """Keeps who is where, for one process or for many."""

    async def join(self, channel: str, member: Member, connection: str) -> Transition | None:
        """*connection* is *member* in *channel*. None: nobody needs to hear of it."""
        ...

    async def leave(self, channel: str, connection: str) -> Transition | None:
        """*connection* has gone from *channel*."""
        ...

    async def members(self, channel: str) -> Sequence[Member]:
        """Everybody in *channel*, each once."""
        ...


class MemoryPresence:
    """Presence of one process."""

    __slots__ = ("_channels",)

    def __init__(self) -> None:
        self._channels: dict[str, _Room] = {}

    async def join(self, channel: str, member: Member, connection: str) -> Transition | None:
        room = self._channels.get(channel)
        if room is None:
            room = self._channels[channel] = _Room()
        return room.join(member, connection)

    async def leave(self, channel: str, connection: str) -> Transition | None:
        room = self._channels.get(channel)
        if room is None:
            return None
        transition = room.leave(connection)
        if not room.who:
            del self._channels[channel]
        return transition

    async def members(self, channel: str) -> Sequence[Member]:
        room = self._channels.get(channel)
        return [] if room is None else room.members()


class _Room:
    """One channel: connection → member's id, member's id → (info, its connections)."""

    __slots__ = ("info", "there", "who")

    def __init__(self) -> None:
        self.who: dict[str, str] = {}
        self.there: dict[str, set[str]] = {}
        self.info: dict[str, Any] = {}

    def join(self, member: Member, connection: str) -> Transition | None:
        if self.who.get(connection, member.id) != member.id:
            raise ValueError(f"Connection {connection} is in the channel as another member.")
        self.who[connection] = member.id
        connections = self.there.setdefault(member.id, set())
        connections.add(connection)
        known = member.id in self.info
        changed = known and self.info[member.id] != member.info
        self.info[member.id] = member.info
        if known and not changed:
            return None
        now = Member(member.id, member.info, len(connections))
        return Transition(Change.UPDATED if known else Change.ADDED, now)

    def leave(self, connection: str) -> Transition | None:
        id = self.who.pop(connection, None)
        if id is None:
            return None
        connections = self.there[id]
        connections.discard(connection)
        if connections:
            return None
        del self.there[id]
        return Transition(Change.REMOVED, Member(id, self.info.pop(id), 0))

    def members(self) -> list[Member]:
        return [Member(id, self.info[id], len(there)) for id, there in self.there.items()]
