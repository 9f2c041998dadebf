"""One connection in one channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.realtime.channel import Channel
    from velocious.realtime.connection import Connection
    from velocious.realtime.presence import Member
    from velocious.realtime.publication import Publication


class Subscription:
    """What a connection hears.

    Attributes:
        name: the channel.
        alias: what the client calls it.
        channel: the object that decided that it may.
        member: who the connection is there, in presence channels.
        held: publications that wait until the subscription is confirmed; None afterwards.
        fixed: whether the client cannot end it: a room that everybody is in.
    """

    __slots__ = ("alias", "channel", "connection", "fixed", "held", "member", "name")

    def __init__(
        self,
        connection: Connection,
        name: str,
        alias: str,
        channel: Channel,
        member: Member | None = None,
    ) -> None:
        self.connection = connection
        self.name = name
        self.alias = alias
        self.channel = channel
        self.member = member
        self.held: list[Publication] | None = []
        self.fixed = False
