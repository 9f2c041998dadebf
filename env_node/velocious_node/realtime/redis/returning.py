"""Publications of this process that come back from Redis: delivered here when it is their turn.

Law: each one is delivered once, whatever is lost on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.realtime.publication import Publication


#: An offset that comes after all others.
LARGEST = 2**52


@dataclass(slots=True)
class _Awaited:
    publication: Publication
    local: Callable[[], None]
    generation: int
    #: Whether Redis has it; it is on its way back then.
    is_kept: bool = False


class Returning:
    """What waits for its return.

    Arguments:
        is_next: whether a publication with a position may still be delivered.
    """

    __slots__ = ("_awaited", "_is_next")

    def __init__(self, is_next: Callable[[Publication], bool]) -> None:
        self._is_next = is_next
        self._awaited: dict[str, _Awaited] = {}

    def expect(self, publication: Publication, local: Callable[[], None], generation: int) -> None:
        """*publication* was sent while the connection *generation* listened (0: none does)."""
        self._awaited[publication.id] = _Awaited(publication, local, generation)

    def kept(self, id: str, position: str, generation: int) -> None:
        """Redis has it. Where nobody listens as before, it is delivered now."""
        awaited = self._awaited.get(id)
        if awaited is None:
            return
        awaited.publication.position = position
        awaited.is_kept = True
        if awaited.generation != generation or not generation:
            self._deliver(id)

    def refused(self, id: str, epoch: str) -> None:
        """Redis may have it or not: it is delivered here at a position of *epoch*, which nobody
        else has. Whoever comes back with that is told that something may be missing, and gets
        nothing a second time.
        """
        awaited = self._awaited.get(id)
        if awaited is not None:
            awaited.publication.position = f"{epoch}-{LARGEST}"
            self._awaited.pop(id).local()

    def came(self, id: str, position: str) -> None:
        """It is back. What was delivered already is not delivered again."""
        awaited = self._awaited.pop(id, None)
        if awaited is not None:
            awaited.publication.position = position
            awaited.local()

    def lost(self, channel: str | None = None) -> None:
        """Nothing comes back in *channel*, or in any."""
        for id, awaited in list(self._awaited.items()):
            is_there = channel is None or awaited.publication.name == channel
            if is_there and awaited.is_kept:
                self._deliver(id)
            elif is_there:
                awaited.generation = 0

    def _deliver(self, id: str) -> None:
        awaited = self._awaited.pop(id)
        if self._is_next(awaited.publication):
            awaited.local()
