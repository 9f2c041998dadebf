"""How much a client may do: token buckets, in monotonic seconds of the injected clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.realtime.settings import RealtimeSettings


class Throttle:
    """So many at once, so many a second in the long run."""

    __slots__ = ("_burst", "_rate", "_tokens", "_when")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._when = now

    def takes(self, now: float) -> bool:
        """Whether one more is allowed now; if so, it counts."""
        tokens = self._tokens + (now - self._when) * self._rate
        if tokens > self._burst:
            tokens = self._burst
        self._when = now
        if tokens < 1:
            self._tokens = tokens
            return False
        self._tokens = tokens - 1
        return True


class Throttles:
    """Those of one connection."""

    __slots__ = ("bad_frames", "client_events", "messages", "overruns", "subscribes")

    def __init__(self, settings: RealtimeSettings, now: float) -> None:
        self.messages = Throttle(settings.messages_per_second, settings.message_burst, now)
        rate = settings.client_events_per_second
        self.client_events = Throttle(rate, rate, now)
        # Whoever comes back asks for everything at once.
        often = settings.subscribes_per_second
        self.subscribes = Throttle(often, max(often, settings.channels), now)
        bad = settings.bad_frames_per_minute
        self.bad_frames = Throttle(bad / 60, bad, now)
        # A warning each, and an end when they do not stop.
        self.overruns = Throttle(1, settings.message_burst, now)
