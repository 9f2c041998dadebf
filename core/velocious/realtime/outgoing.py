"""What one connection is told, and what happens when it does not read.

Law: answers and control frames are never dropped. Events are, or the connection ends, as the
channel wants it; and whoever missed something is told before anything else of that channel.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from velocious.realtime import outputs
from velocious.realtime.channel import Slow
from velocious.realtime.close_codes import Close

if TYPE_CHECKING:
    from velocious.realtime.conflated import Conflated
    from velocious.realtime.connection import Connection
    from velocious.realtime.dialects.base import Frames
    from velocious.realtime.publication import Publication
    from velocious.realtime.subscription import Subscription
    from velocious.realtime.topic import Topic


class Outgoing:
    """The way out of a connection."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def say(self, output: outputs.Output) -> None:
        """Tell the client, in its dialect."""
        connection = self._connection
        frames = connection.dialect.encode(output)
        if isinstance(frames, str):
            sink = connection.sink
            sink.force(sink.form.prepare(frames))
        else:
            self._force(frames)

    def event(
        self, publication: Publication, alias: str | None = None, *, replayed: bool = False
    ) -> bool:
        """Tell it of *publication*; whether it was taken. *replayed*: it comes from a history."""
        connection = self._connection
        name = publication.name if alias is None else alias
        write = connection.dialect.replayed if replayed else connection.dialect.event
        frame = write(name, publication)
        if frame is None:
            return False
        sink = connection.sink
        if sink.write(sink.form.prepare(frame)):
            return True
        self._evict()
        return False

    def too_slow(self, topic: Topic, subscription: Subscription, publication: Publication) -> None:
        """*publication* of *topic* was not taken."""
        slow = topic.channel.slow
        if slow is Slow.CLOSE:
            self._evict()
            return
        gaps = self._connection.gaps
        if slow is Slow.CONFLATE and subscription not in gaps:
            kept = self._conflated(topic)
            if kept.put(publication):
                gaps[subscription] = kept
                topic.conflate(subscription, kept)
                return
        self._connection.hub.statistics.drops += 1
        # It hears no more of this topic until it was told that something is missing.
        topic.pause(subscription)
        gaps[subscription] = None

    def _conflated(self, topic: Topic) -> Conflated:
        # Imported here: few channels conflate.
        from velocious.realtime.conflated import Conflated

        settings = self._connection.engine.settings
        return Conflated(topic.channel.conflate_key, settings.queue_messages, settings.queue_bytes)

    def resync(self, subscription: Subscription) -> None:
        """Tell the client that it has missed something."""
        now = self._connection.hub.epoch_ms()
        self.say(outputs.Resync(subscription.name, subscription.alias, epoch_ms=now))

    def drained(self) -> None:
        """There is room again: send what was kept, and say what was missed."""
        gaps = self._connection.gaps
        while gaps:
            subscription, kept = next(iter(gaps.items()))
            if kept is None:
                del gaps[subscription]
                self.resync(subscription)
            elif kept.flush(partial(self._catch_up, subscription)):
                gaps.pop(subscription, None)
            else:
                # Full again: the rest is sent with the next room.
                return
            topic = self._connection.hub.topics.get(subscription.name)
            if topic is not None:
                topic.resume(subscription)

    def _catch_up(self, subscription: Subscription, publication: Publication) -> bool:
        """Send what was kept; False: there is no room for it."""
        connection = self._connection
        frame = connection.dialect.event(subscription.alias, publication)
        if frame is None:
            return True
        sink = connection.sink
        taken = sink.write(sink.form.prepare(frame))
        connection.hub.statistics.deliveries += taken
        return taken

    def _evict(self) -> None:
        connection = self._connection
        if connection.is_ending:
            return
        connection.hub.statistics.evictions += 1
        connection.end(Close.TOO_SLOW, "reads too slowly")

    def _force(self, frames: Frames) -> None:
        if frames is None:
            return
        sink = self._connection.sink
        for frame in (frames,) if isinstance(frames, str | bytes) else frames:
            sink.force(sink.form.prepare(frame))
