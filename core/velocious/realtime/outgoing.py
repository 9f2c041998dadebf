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

    def event(self, publication: Publication) -> bool:
        """Tell it of *publication*, which is no channel's; whether it was taken."""
        frame = self._connection.dialect.event(publication.name, publication)
        if frame is None:
            return False
        if self._write(frame):
            return True
        self._evict()
        return False

    def heard(
        self,
        topic: Topic,
        subscription: Subscription,
        publication: Publication,
        *,
        replayed: bool = False,
    ) -> None:
        """Tell it of *publication* of *topic* late, as the channel wants it for slow readers.
        *replayed*: it comes from a history.
        """
        if self._connection.is_ending:
            return
        gaps = self._connection.gaps
        if subscription in gaps:
            kept = gaps[subscription]
            taken = kept is not None and kept.put(publication)
        else:
            taken = self._told(subscription, publication, replayed=replayed)
        if not taken:
            self.too_slow(topic, subscription, publication)

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
            elif kept.flush(partial(self._told, subscription)):
                gaps.pop(subscription, None)
            else:
                # Full again: the rest is sent with the next room.
                return
            topic = self._connection.hub.topics.get(subscription.name)
            if topic is not None:
                topic.resume(subscription)

    def _told(
        self, subscription: Subscription, publication: Publication, *, replayed: bool = False
    ) -> bool:
        """Send *publication*; False: there is no room for it."""
        dialect = self._connection.dialect
        write = dialect.replayed if replayed else dialect.event
        frame = write(subscription.alias, publication)
        if frame is None:
            return True
        taken = self._write(frame)
        self._connection.hub.statistics.deliveries += taken
        return taken

    def _write(self, frame: str | bytes) -> bool:
        sink = self._connection.sink
        return sink.write(sink.form.prepare(frame))

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
