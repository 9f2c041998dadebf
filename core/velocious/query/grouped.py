"""``Task.group("project_id")``: calculations for each group of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from velocious.errors import QueryError
from velocious.query.calculations import calculate_groups
from velocious.query.conditions import parse_conditions
from velocious.query.ordering import Ordering
from velocious.query.query import Query

if TYPE_CHECKING:
    from velocious.record.record import Record


def grouping(by: Any) -> Ordering:
    """One thing that rows are grouped by."""
    group = Ordering(by)
    if group.values():
        raise QueryError(
            f"A group takes no values: {by.sql!r} would have to be bound twice. Write the "
            "expression without them."
        )
    if group.descending:
        raise QueryError(f"A group has no direction: {by!r}. Sort groups with .order(…).")
    return group


class GroupedQuery[R: Record](Query[R]):
    """A query whose calculations are dicts: group → result, tuples of groups where there are
    several::

    await Task.group("project_id").having("COUNT(*) > ?", 2).sum("position")    # {1: 12, 4: 9}
    """

    __slots__ = ()

    def having(self, *conditions: Any, **attributes: Any) -> Self:
        """Only groups that fulfil these; conditions as for :meth:`where`."""
        having = self._refinements.having + parse_conditions(conditions, attributes)
        return self._refined(having=having)

    async def count(self, name: str | None = None) -> dict[Any, int]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """How many rows of each group (have a value of the attribute *name*)."""
        return await calculate_groups(self, "COUNT", name)

    async def sum(self, name: str) -> dict[Any, Any]:
        """What the values of each group add up to."""
        return await calculate_groups(self, "SUM", name)

    async def average(self, name: str) -> dict[Any, Any]:
        """The mean of each group."""
        return await calculate_groups(self, "AVG", name)

    async def minimum(self, name: str) -> dict[Any, Any]:
        """The smallest value of each group."""
        return await calculate_groups(self, "MIN", name)

    async def maximum(self, name: str) -> dict[Any, Any]:
        """The largest value of each group."""
        return await calculate_groups(self, "MAX", name)

    async def to_list(self) -> list[R]:
        """Refused: a group is no record."""
        raise QueryError(
            f"A group of {self._model.__name__} is no record. Ask for .count(), .sum(…), "
            ".average(…), .minimum(…), .maximum(…) or .pluck(…)."
        )
