"""An engine with two kinds of channels, and people who use it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.realtime import Channel, Engine, Identity, Keep
from velocious.testing.realtime import ManualSchedule, Participant

if TYPE_CHECKING:
    from velocious.realtime import Member


class Board(Channel):
    pattern = "board:{id}"
    history = Keep(count=3, seconds=60)


class Room(Channel):
    pattern = "presence-room.{id}"
    client_events = True
    leave_grace = 5

    async def authorize(self) -> bool | Member:
        return self.user is not None


class Diary(Channel):
    """Private: one person's own."""

    pattern = "private-diary.{owner}"

    async def authorize(self) -> bool:
        return self.user == self.params["owner"]


async def by_token(_: Any, credentials: dict[str, Any]) -> Identity | None:
    """Whoever names a token has that name."""
    name = credentials.get("token")
    return Identity(name, info={"name": name}) if name else None


def engine(**more: Any) -> tuple[Engine, ManualSchedule]:
    """An engine in which people say who they are, and its time."""
    time = ManualSchedule()
    options: dict[str, Any] = {"channels": [Board, Room, Diary], "authenticate": by_token}
    return Engine(schedule=time, **(options | more)), time


async def visitor(of: Engine, name: str = "ann") -> Participant:
    """Somebody who has said who it is."""
    made = Participant(of)
    await made.says(type="auth", token=name)
    return made


async def subscribed(of: Engine, channel: str, name: str = "ann", **more: Any) -> Participant:
    """Somebody who has asked to hear of *channel*."""
    made = await visitor(of, name)
    await made.says(type="sub", ch=channel, **more)
    return made
