"""How long to wait before the next try."""

from __future__ import annotations

import random


class Backoff:
    """Twice as long each time, drawn at random (full jitter): whoever was cut off together does not
    come back together.
    """

    def __init__(self, least: float, most: float) -> None:
        self._least = least
        self._most = most
        self._tries = 0

    def reset(self) -> None:
        self._tries = 0

    def next(self) -> float:
        """Seconds to wait now."""
        # 2**30 is more than any limit: it need not grow for ever.
        longest = min(self._most, self._least * 2 ** min(self._tries, 30))
        self._tries += 1
        return random.uniform(0, longest)
