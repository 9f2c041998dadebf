"""What only few queries ask for, kept in one place so that the others stay cheap to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable

    from velocious.query.conditions import Condition
    from velocious.query.ordering import Ordering
    from velocious.sql.statements import Lock


class Refinements(NamedTuple):
    """Groups and their conditions, chosen attributes, the page, and how rows are locked."""

    groups: tuple[Ordering, ...] = ()
    having: tuple[Condition, ...] = ()
    selected: tuple[str, ...] = ()
    page: int | None = None
    per_page: int | None = None
    lock: Lock | None = None

    @property
    def key(self) -> Hashable:
        """The part of the query's shape; a page is a limit and an offset, which have their own."""
        groups = tuple(one.key for one in self.groups)
        having = tuple(one.key for one in self.having)
        return groups, having, self.selected, self.lock

    def values(self) -> list[Any]:
        """The values of the groups' conditions."""
        return [value for one in self.having for value in one.values()]


PLAIN = Refinements()
