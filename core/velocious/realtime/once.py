"""Publications that were seen: saying something twice is safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.realtime.schedule import Schedule

#: Seconds for which an id is remembered.
WINDOW = 300.0
#: Ids that are remembered at most; the oldest go first.
MOST = 20_000


class Once:
    """Remembers ids for five minutes."""

    __slots__ = ("_schedule", "_seen")

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._seen: dict[tuple[str, str], float] = {}

    def is_new(self, name: str, id: str) -> bool:
        """Whether *id* comes for the first time; from now on it is known."""
        seen, key, now = self._seen, (name, id), self._schedule.monotonic()
        when = seen.get(key)
        if when is not None and now - when < WINDOW:
            return False
        # Again at the end: the order of the dictionary is that of time.
        seen.pop(key, None)
        seen[key] = now
        self._forget(now)
        return True

    def forget(self, name: str, id: str) -> None:
        """What has *id* did not go out: it may be said again."""
        self._seen.pop((name, id), None)

    def _forget(self, now: float) -> None:
        seen = self._seen
        while len(seen) > MOST:
            del seen[next(iter(seen))]
        # Two for each one that comes: what has ended does not pile up, and nobody waits for it.
        for _ in range(2):
            oldest = next(iter(seen), None)
            if oldest is None or now - seen[oldest] < WINDOW:
                return
            del seen[oldest]
