"""Taking back joins that turned out to be too many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from velocious.query.resolution import Joins, Path


class Extent:
    """How far the joins of a query went before something that may be taken back."""

    def __init__(self, joins: Joins) -> None:
        self._joins = joins
        self._maps: tuple[dict[Path, Any], ...] = (
            joins.schemas,
            joins.aliases,
            joins._joins,
            joins._parents,
        )
        self._known = set(joins.schemas)
        self._values = len(joins.values)

    def grown(self) -> bool:
        """Whether there are more joins now."""
        return len(self._joins.schemas) > len(self._known)

    def restore(self) -> None:
        """Take the joins that came since back, and their values."""
        for paths in self._maps:
            for path in [path for path in paths if path not in self._known]:
                del paths[path]
        del self._joins.values[self._values :]
