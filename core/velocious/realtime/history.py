"""What was published lately: so that a client that was away gets what it missed, or is told that it
cannot.

Law: a gap is never silent. A position is ``epoch-offset``: offsets grow by one with each
publication, and a new epoch begins whenever they cannot be continued.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.realtime.publication import Publication
    from velocious.realtime.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Keep:
    """How much a channel remembers: at most *count* publications, none older than *seconds*."""

    count: int = 100
    seconds: float = 300.0


@dataclass(frozen=True, slots=True)
class Missed:
    """What came after a position.

    Attributes:
        position: where the history stands now.
        publications: what was missed, oldest first.
        recovered: whether that is all of it.
    """

    position: str
    publications: Sequence[Publication] = ()
    recovered: bool = False


class History(Protocol):
    """Keeps what was published, for one process or for many."""

    async def add(self, publication: Publication, keep: Keep) -> None:
        """Remember *publication*, and give it its position."""
        ...

    async def since(self, channel: str, position: str | None, keep: Keep) -> Missed:
        """What was published in *channel* after *position*; None: only where it stands."""
        ...


def read_position(position: str) -> tuple[str, int] | None:
    """(epoch, offset) of what a client sent; None where it is no position."""
    epoch, dash, offset = position.rpartition("-")
    # Not `isdigit`: it takes digits that `int` refuses. 2**63 has 19 digits.
    if not dash or not epoch or len(offset) > 19 or not (offset.isascii() and offset.isdecimal()):
        return None
    return epoch, int(offset)


def is_behind(position: str | None, after: str | None) -> bool:
    """Whether what has *position* is news to whoever has everything until *after*."""
    if position is None or after is None:
        return True
    epoch, _, offset = position.rpartition("-")
    known, _, last = after.rpartition("-")
    return epoch != known or int(offset) > int(last)


class MemoryHistory:
    """History of one process; a new process is a new epoch.

    A channel of which nothing is left is forgotten, and begins anew behind all that were: a
    position of its former life is never taken for one of the next.
    """

    __slots__ = ("_channels", "_epoch", "_schedule", "_used")

    def __init__(self, epoch: str, schedule: Schedule) -> None:
        self._epoch = epoch
        self._schedule = schedule
        self._channels: dict[str, _Ring] = {}
        #: The highest offset of all channels that were forgotten.
        self._used = 0

    async def add(self, publication: Publication, keep: Keep) -> None:
        ring = self._channels.get(publication.name)
        if ring is None:
            ring = self._channels[publication.name] = _Ring(self._used)
        ring.keep = keep
        ring.last += 1
        publication.position = f"{self._epoch}-{ring.last}"
        ring.kept.append((self._schedule.monotonic(), publication))
        self._forget(ring)
        self._forget_channels()

    async def since(self, channel: str, position: str | None, keep: Keep) -> Missed:
        ring = self._channels.get(channel)
        last = self._used if ring is None else ring.last
        now = f"{self._epoch}-{last}"
        read = None if position is None else read_position(position)
        if read is None or read[0] != self._epoch or read[1] > last:
            return Missed(now)
        if ring is None or read[1] == last:
            return Missed(now, recovered=True)
        self._forget(ring)
        # The kept ones are the last of all that were: the first one's offset follows from that.
        first = last - len(ring.kept) + 1
        if read[1] < first - 1:
            return Missed(now)
        missed = [kept for _, kept in list(ring.kept)[read[1] - first + 1 :]]
        return Missed(now, missed, recovered=True)

    def _forget(self, ring: _Ring) -> None:
        oldest = self._schedule.monotonic() - ring.keep.seconds
        kept = ring.kept
        while kept and (len(kept) > ring.keep.count or kept[0][0] < oldest):
            kept.popleft()

    def _forget_channels(self) -> None:
        # Two in turn for each publication: names do not pile up, and nobody waits for it.
        for name in list(islice(self._channels, 2)):
            ring = self._channels.pop(name)
            self._forget(ring)
            if ring.kept:
                self._channels[name] = ring
            else:
                self._used = max(self._used, ring.last)


class _Ring:
    __slots__ = ("keep", "kept", "last")

    def __init__(self, last: int) -> None:
        self.keep = Keep()
        self.last = last
        self.kept: deque[tuple[float, Publication]] = deque()
