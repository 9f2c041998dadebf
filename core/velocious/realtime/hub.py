"""The hub: who listens to what in this process, and how a publication reaches them.

Law: delivering waits for nobody. What belongs to other processes goes through the provider, and
comes back to :meth:`Hub.deliver`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.realtime.emitter import Emitter
from velocious.realtime.history import is_behind
from velocious.realtime.once import Once
from velocious.realtime.publication import ABANDON, Audience
from velocious.realtime.statistics import Statistics
from velocious.realtime.topic import Topic

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from velocious.realtime.channel import Channel
    from velocious.realtime.channels import Channels
    from velocious.realtime.connection import Connection
    from velocious.realtime.history import Missed
    from velocious.realtime.presence import Member
    from velocious.realtime.providers.base import Provider
    from velocious.realtime.publication import Publication
    from velocious.realtime.random_ids import RandomIds
    from velocious.realtime.schedule import Schedule
    from velocious.realtime.subscription import Subscription


class Hub(Emitter):
    """Topics, connections and users of this process.

    Attributes:
        connections: all open ones, by id.
        users: the id of a user → its connections.
        topics: the channels that somebody here listens to.
        statistics: what happened so far.
    """

    def __init__(
        self, channels: Channels, provider: Provider, schedule: Schedule, ids: RandomIds
    ) -> None:
        self.channels = channels
        self.provider = provider
        self.connections: dict[str, Connection] = {}
        self.users: dict[str, dict[Connection, None]] = {}
        self.topics: dict[str, Topic] = {}
        self.statistics = Statistics()
        #: Called with a connection that somebody, in any process, sends away, and the reason.
        self.kicked: Callable[[Connection, str], None] = lambda connection, reason: None
        #: Called with a connection whose client has come back to another process.
        self.abandoned: Callable[[Connection], None] = lambda connection: None
        #: What other parts of the application keep for as long as it is there, by their names.
        self.beside: dict[str, Any] = {}
        self._schedule = schedule
        self._ids = ids
        self._once = Once(schedule)
        #: Subscriptions that missed something before they were confirmed.
        self._torn: dict[Subscription, None] = {}

    # Publishing

    async def send(self, publication: Publication) -> None:
        if not self._once.is_new(publication.name, publication.id):
            return
        self.statistics.publications += 1
        keep = None
        if publication.audience is Audience.CHANNEL and not publication.inner:
            keep = self.channels.place_of(publication.name).channel.history
        try:
            await self.provider.publish(publication, keep, lambda: self._local(publication))
        except BaseException:
            # Whoever says it again, with the same id, must be heard.
            self._once.forget(publication.name, publication.id)
            raise

    async def abandon(self, connection: str) -> None:
        """Tell all processes that the client of *connection*, an id, does not come back to it."""
        publication = self._made(Audience.CLIENT, connection, ABANDON, {"reason": "Abandoned"})
        publication.inner = True
        await self.send(publication)

    def deliver(self, publication: Publication) -> None:
        """Deliver here what another process published; what arrives twice is delivered once."""
        if publication.inner or self._once.is_new(publication.name, publication.id):
            self._local(publication)

    def epoch_ms(self) -> int:
        return self._schedule.epoch_ms()

    def new_id(self) -> str:
        return self._ids.publication()

    def _local(self, publication: Publication) -> None:
        if publication.audience is not Audience.CHANNEL:
            self._to_connections(publication)
            return
        topic = self.topics.get(publication.name)
        if topic is None:
            return
        delivered, full = topic.deliver(publication)
        self.statistics.deliveries += delivered
        for subscription in full:
            subscription.connection.outgoing.too_slow(topic, subscription, publication)

    def _to_connections(self, publication: Publication) -> None:
        if publication.inner:
            for connection in self._audience(publication):
                if publication.event == ABANDON:
                    self.abandoned(connection)
                else:
                    self.kicked(connection, publication.data["reason"])
            return
        for connection in self._audience(publication):
            if connection.id not in publication.exclude and connection.outgoing.event(publication):
                self.statistics.deliveries += 1

    def _audience(self, publication: Publication) -> Sequence[Connection]:
        if publication.audience is Audience.ALL:
            return list(self.connections.values())
        if publication.audience is Audience.USER:
            return list(self.users.get(publication.name, ()))
        one = self.connections.get(publication.name)
        return [] if one is None else [one]

    # Listening

    async def listen(self, subscription: Subscription) -> None:
        """Hold for *subscription* what is published from now on, in any process.

        It is delivered after :meth:`confirm`.
        """
        name = subscription.name
        topic = self.topics.get(name)
        if topic is None:
            topic = self.topics[name] = Topic(name, type(subscription.channel))
        topic.add(subscription)
        interested = self.provider.interested(name)
        if interested is not None:
            await interested

    def confirm(self, subscription: Subscription, missed: Missed | None) -> None:
        """Deliver to *subscription*: first what it *missed*, then what was held, then what comes.
        What lies not behind the position of *missed* it has then, also where it arrives later.
        """
        topic = self.topics.get(subscription.name)
        if topic is None or subscription not in topic.subscriptions:
            return
        outgoing = subscription.connection.outgoing
        for publication in () if missed is None else missed.publications:
            outgoing.heard(topic, subscription, publication, replayed=True)
        after = None if missed is None else missed.position
        for publication in topic.confirm(subscription, after):
            if is_behind(publication.position, after):
                outgoing.heard(topic, subscription, publication)
        if subscription in self._torn:
            del self._torn[subscription]
            outgoing.resync(subscription)

    def forget(self, subscription: Subscription) -> None:
        """*subscription* hears nothing any more."""
        topic = self.topics.get(subscription.name)
        if topic is None:
            return
        topic.remove(subscription)
        self._torn.pop(subscription, None)
        if not topic.subscriptions:
            del self.topics[subscription.name]
            self.provider.uninterested(subscription.name)

    async def missed(self, name: str, channel: type[Channel], since: str | None) -> Missed | None:
        """What came after the position *since*; None where nothing is remembered."""
        keep = channel.history
        return None if keep is None else await self.provider.history.since(name, since, keep)

    def broken(self, name: str | None) -> None:
        """Publications in *name* (None: in any channel) may have been lost: tell the listeners."""
        topics: Iterable[Topic | None] = (
            list(self.topics.values()) if name is None else [self.topics.get(name)]
        )
        for topic in topics:
            for subscription in list(topic.subscriptions) if topic is not None else ():
                if subscription.held is None:
                    subscription.connection.outgoing.resync(subscription)
                else:
                    self._torn[subscription] = None

    # Connections

    def add(self, connection: Connection) -> None:
        """*connection* is open."""
        self.connections[connection.id] = connection
        if connection.user_id is not None:
            self.users.setdefault(connection.user_id, {})[connection] = None

    def remove(self, connection: Connection) -> None:
        self.connections.pop(connection.id, None)
        if connection.user_id is not None:
            theirs = self.users.get(connection.user_id, {})
            theirs.pop(connection, None)
            if not theirs:
                self.users.pop(connection.user_id, None)

    # Questions

    def local_count(self, channel: str) -> int:
        """Subscriptions of *channel* in this process."""
        topic = self.topics.get(channel)
        return 0 if topic is None else len(topic.subscriptions)

    def local_channels(self, prefix: str = "") -> Collection[str]:
        """Channels with listeners in this process."""
        return [name for name in self.topics if name.startswith(prefix)]

    async def members(self, channel: str) -> Sequence[Member]:
        """Who is in a presence channel, in all processes."""
        return await self.provider.presence.members(channel)
