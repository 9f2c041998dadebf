"""How long to stay away: full jitter, so that clients that were cut together do not come together.

Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Backoff:
    """Delays in seconds.

    Arguments:
        chance: gives numbers from 0 up to 1.
        shortest: the first upper bound; each failure doubles it.
        longest: the last one.
    """

    __slots__ = ("_chance", "_longest", "_shortest", "attempts")

    def __init__(
        self, chance: Callable[[], float], shortest: float = 0.5, longest: float = 30.0
    ) -> None:
        self._chance = chance
        self._shortest = shortest
        self._longest = longest
        self.attempts = 0

    def next(self) -> float:
        """How long to wait now."""
        # Two to the twentieth is beyond any bound, and never overflows.
        bound = min(self._longest, self._shortest * 2 ** min(self.attempts, 20))
        self.attempts += 1
        return bound * self._chance()

    def reset(self) -> None:
        """The connection has held: the next failure is a first one."""
        self.attempts = 0
