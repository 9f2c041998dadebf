"""What one connection is told, and what happens when it does not read.

Law: answers and control frames are never dropped. Events are, or the connection ends, as the
channel wants it; and whoever missed something is told before anything else of that channel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.realtime import outputs
from velocious.realtime.channel import Slow
from velocious.realtime.close_codes import Close

if TYPE_CHECKING:
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
        self._force(self._connection.dialect.encode(output))

    def event(self, publication: Publication, alias: str | None = None) -> bool:
        """Tell it of *publication*; whether it was taken."""
        connection = self._connection
        name = publication.name if alias is None else alias
        frame = connection.dialect.event(name, publication)
        if frame is None:
            return False
        sink = connection.sink
        if sink.write(sink.form.prepare(frame)):
            return True
        self._evict()
        return False

    def too_slow(self, topic: Topic, subscription: Subscription) -> None:
        """An event of *topic* was not taken."""
        statistics = self._connection.hub.statistics
        if topic.channel.slow is Slow.CLOSE:
            self._evict()
            return
        statistics.drops += 1
        # It hears no more of this topic until it was told that something is missing.
        topic.pause(subscription)
        self._connection.gaps[subscription] = None

    def resync(self, subscription: Subscription) -> None:
        """Tell the client that it has missed something."""
        now = self._connection.hub.epoch_ms()
        self.say(outputs.Resync(subscription.name, subscription.alias, epoch_ms=now))

    def drained(self) -> None:
        """There is room again: say what was missed."""
        gaps = self._connection.gaps
        while gaps:
            subscription, _ = gaps.popitem()
            self.resync(subscription)
            topic = self._connection.hub.topics.get(subscription.name)
            if topic is not None:
                topic.resume(subscription)

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
