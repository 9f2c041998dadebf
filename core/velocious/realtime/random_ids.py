"""Ids that nobody can guess. The randomness is passed in, so that a test knows what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class RandomIds:
    """Makes ids.

    Arguments:
        random: gives so many random bytes, as ``os.urandom`` does.
    """

    __slots__ = ("_count", "_process", "random")

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self.random = random
        self._process = random(8).hex()
        self._count = 0

    def publication(self) -> str:
        """Unique, no secret: it costs no random bytes."""
        self._count += 1
        return f"{self._process}-{self._count}"
