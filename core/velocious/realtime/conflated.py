"""What waits for a slow listener of a channel with ``Slow.CONFLATE``.

Law: of each key the newest, in the order in which they were said; bounded by number and by size.
What is not replaced by something newer is sent, or the listener is told that it missed something.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from velocious.realtime.publication import Publication

logger = logging.getLogger("velocious.realtime")


class Conflated:
    """The newest publications of one channel, by their keys.

    Arguments:
        key_of: what *publication* replaces: whatever has the same key.
        most: how many may wait.
        size: how many characters of their data.
    """

    __slots__ = ("_key_of", "_most", "_size", "_waiting", "_written")

    def __init__(self, key_of: Callable[[Publication], Hashable], most: int, size: int) -> None:
        self._key_of = key_of
        self._most = most
        self._size = size
        self._waiting: dict[Hashable, Publication] = {}
        self._written = 0

    def put(self, publication: Publication) -> bool:
        """Keep *publication* in place of the one before it; False: there is no room for it."""
        try:
            # What the engine says itself (who came, who went) is about somebody each time.
            key = (publication.id,) if publication.inner else (None, self._key_of(publication))
            replaced = self._waiting.pop(key, None)
        except Exception:
            # One channel's mistake must not cost other listeners their events.
            logger.exception("The key of %r in %s", publication.event, publication.name)
            return False
        self._written += _size(publication) - (0 if replaced is None else _size(replaced))
        self._waiting[key] = publication
        return len(self._waiting) <= self._most and self._written <= self._size

    def flush(self, write: Callable[[Publication], bool]) -> bool:
        """*write* what waits; whether all of it was taken."""
        waiting, self._waiting, self._written = self._waiting, {}, 0
        entries = iter(waiting.items())
        for key, publication in entries:
            if not write(publication):
                self._keep([(key, publication), *entries])
                return False
        return True

    def _keep(self, entries: Iterable[tuple[Hashable, Publication]]) -> None:
        self._waiting = dict(entries)
        self._written = sum(map(_size, self._waiting.values()))


def _size(publication: Publication) -> int:
    text = publication.json
    return len(publication.binary or b"") if text is None else len(text)
