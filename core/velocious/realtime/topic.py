"""The listeners of one channel, in groups that get the very same bytes.

Law: a publication is encoded once for each group, and then it costs one call for each listener.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.realtime.history import is_behind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from velocious.realtime.channel import Channel
    from velocious.realtime.conflated import Conflated
    from velocious.realtime.dialects.base import Dialect
    from velocious.realtime.publication import Publication
    from velocious.realtime.sink import Form
    from velocious.realtime.subscription import Subscription

    type Write = Callable[[Any], bool]


class Group:
    """Listeners that speak the same dialect, call the channel the same and take the same form."""

    __slots__ = ("alias", "dialect", "form", "writers")

    def __init__(self, dialect: Dialect, alias: str, form: Form) -> None:
        self.dialect = dialect
        self.alias = alias
        self.form = form
        self.writers: dict[Subscription, Write] = {}

    def deliver(
        self, publication: Publication, exclude: Collection[str]
    ) -> tuple[int, list[Subscription]]:
        """Write *publication* to everybody: how many got it, and who has too much waiting."""
        frame = self.dialect.event(self.alias, publication)
        if frame is None:
            return 0, []
        prepared = self.form.prepare(frame)
        if exclude:
            writers = {
                one: write
                for one, write in self.writers.items()
                if one.connection.id not in exclude
            }
        else:
            writers = self.writers
        full = [one for one, write in writers.items() if not write(prepared)]
        return len(writers) - len(full), full


class Topic:
    """A channel that somebody in this process listens to.

    Attributes:
        name: its name.
        channel: its class.
        subscriptions: all of them, those included that are not confirmed yet.
        catching_up: subscriptions that have everything until a position, while something of that
            may still be on its way here.
        conflating: slow subscriptions, and what is kept for each until there is room.
    """

    __slots__ = (
        "catching_up",
        "channel",
        "conflating",
        "groups",
        "holding",
        "name",
        "subscriptions",
    )

    def __init__(self, name: str, channel: type[Channel]) -> None:
        self.name = name
        self.channel = channel
        self.subscriptions: dict[Subscription, None] = {}
        self.groups: dict[tuple[Dialect, str, Form], Group] = {}
        self.holding: dict[Subscription, None] = {}
        self.catching_up: dict[Subscription, str] = {}
        self.conflating: dict[Subscription, Conflated] = {}

    def add(self, subscription: Subscription) -> None:
        """From now on, what is published is held for *subscription*."""
        self.subscriptions[subscription] = None
        self.holding[subscription] = None

    def confirm(self, subscription: Subscription, after: str | None) -> list[Publication]:
        """From now on, what lies behind the position *after* is delivered. Returns what was
        held.
        """
        held, subscription.held = subscription.held or [], None
        self.holding.pop(subscription, None)
        if after is not None and subscription in self.subscriptions:
            self._leave_group(subscription)
            self.catching_up[subscription] = after
        else:
            self.resume(subscription)
        return held

    def remove(self, subscription: Subscription) -> None:
        self.subscriptions.pop(subscription, None)
        self.holding.pop(subscription, None)
        self.catching_up.pop(subscription, None)
        self.pause(subscription)

    def pause(self, subscription: Subscription) -> None:
        """Deliver nothing to *subscription*."""
        self.conflating.pop(subscription, None)
        self._leave_group(subscription)

    def _leave_group(self, subscription: Subscription) -> None:
        group = self.groups.get(_key(subscription))
        if group is not None:
            group.writers.pop(subscription, None)
            if not group.writers:
                del self.groups[_key(subscription)]

    def conflate(self, subscription: Subscription, kept: Conflated) -> None:
        """From now on, what is published is put into *kept*."""
        self.pause(subscription)
        self.conflating[subscription] = kept

    def resume(self, subscription: Subscription) -> None:
        """Deliver to *subscription*; later, where it has no room or still catches up."""
        if subscription in subscription.connection.gaps:
            return
        self.conflating.pop(subscription, None)
        if subscription not in self.subscriptions or subscription in self.catching_up:
            return
        key = _key(subscription)
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = Group(*key)
        group.writers[subscription] = subscription.connection.sink.write

    def deliver(self, publication: Publication) -> tuple[int, list[Subscription]]:
        """How many got it, and who has too much waiting."""
        delivered = 0
        full: list[Subscription] = []
        exclude = publication.exclude
        for subscription in self.holding:
            if subscription.held is not None and subscription.connection.id not in exclude:
                subscription.held.append(publication)
        for subscription, after in list(self.catching_up.items()):
            if is_behind(publication.position, after):
                del self.catching_up[subscription]
                self.resume(subscription)
        for subscription, kept in self.conflating.items():
            hears = subscription not in self.catching_up
            if hears and subscription.connection.id not in exclude and not kept.put(publication):
                full.append(subscription)
        # A copy: somebody who cannot keep up may be removed while others are told.
        for group in list(self.groups.values()):
            count, slow = group.deliver(publication, exclude)
            delivered += count
            full += slow
        return delivered, full


def _key(subscription: Subscription) -> tuple[Dialect, str, Form]:
    connection = subscription.connection
    return connection.dialect, subscription.alias, connection.sink.form
