"""What only few queries ask for, kept in one place so that the others stay cheap to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable

    from velocious.query.conditions import Condition
    from velocious.query.ordering import Ordering
    from velocious.query.sight import Sight
    from velocious.sql.statements import Lock


class Refinements(NamedTuple):
    """Groups and their conditions, chosen attributes, the page, how rows are locked, and whose
    sight there is of them.
    """

    groups: tuple[Ordering, ...] = ()
    having: tuple[Condition, ...] = ()
    selected: tuple[str, ...] = ()
    page: int | None = None
    per_page: int | None = None
    lock: Lock | None = None
    sight: Sight | None = None

    @property
    def key(self) -> Hashable:
        """The part of the query's shape; a page is a limit and an offset, which have their own."""
        groups = tuple([one.key for one in self.groups]) if self.groups else ()
        having = tuple([one.key for one in self.having]) if self.having else ()
        return groups, having, self.selected, self.lock, self.sight and self.sight.key

    def values(self) -> list[Any]:
        """The values of what is seen, and of the groups' conditions."""
        seen = [] if self.sight is None else self.sight.values()
        for one in self.having:
            seen = [*seen, *one.values()]
        return seen


PLAIN = Refinements()
