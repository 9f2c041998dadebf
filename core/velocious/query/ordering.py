"""What rows are sorted by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import UnsupportedValueError
from velocious.query.conditions import RawCondition
from velocious.query.expressions import ColumnExpression, Raw
from velocious.sql import nodes as n

if TYPE_CHECKING:
    from collections.abc import Hashable

    from velocious.query.query import Query
    from velocious.query.resolution import Resolver
    from velocious.sql.nodes import Expression


def without_idle_order(query: Query[Any]) -> Query[Any]:
    """*query* without an order, except for one that repeats rows: along a has_many."""
    return query.reorder(*[one.by for one in query._order if one.repeats_rows(query._model)])


class Ordering:
    """One sort key: an attribute (``"-project.name"``), a column expression or raw SQL."""

    __slots__ = ("by", "descending", "key")

    def __init__(self, by: object) -> None:
        self.descending = False
        if isinstance(by, ColumnExpression):
            self.descending = by.descending
        elif isinstance(by, str):
            self.descending = by.startswith("-")
            by = by.removeprefix("-")
        elif not isinstance(by, Raw):
            raise UnsupportedValueError(
                "order takes attribute names ('name', '-name' for the other way round), column "
                "expressions and "
                f"raw(…), not {by!r}.",
                value=by,
            )
        self.by = by
        self.key: tuple[Hashable, bool] = (by if isinstance(by, str) else by.key, self.descending)

    def reversed(self) -> Ordering:
        """The same key, sorted the other way."""
        if isinstance(self.by, Raw):
            raise UnsupportedValueError(
                f"Raw SQL cannot be reversed: {self.by.sql!r}. Order by attributes, or write the "
                "reversed SQL."
            )
        other = Ordering.__new__(Ordering)
        other.by = self.by
        other.descending = not self.descending
        other.key = (self.key[0], other.descending)
        return other

    def repeats_rows(self, model: Any) -> bool:
        """Whether its path may lead from one row of *model* to several."""
        steps = self.by.split(".")[:-1] if isinstance(self.by, str) else ()
        for step in steps:
            relationship = model._definition.relationships.get(step)
            if relationship is None or not relationship.holds_key or relationship.polymorphic:
                return True
            model = relationship.target()
        return False

    def values(self) -> list[Any]:
        """The values of raw SQL; names have none."""
        return (
            RawCondition(self.by.sql, self.by.values).values() if isinstance(self.by, Raw) else []
        )

    def expression(self, resolver: Resolver) -> Expression:
        operand = self.typed_operand(resolver)[0]
        if isinstance(operand, n.Raw):
            return operand
        return n.Sorted(operand, self.descending, resolver.may_be_null(operand))

    def typed_operand(self, resolver: Resolver) -> tuple[Expression, Any]:
        """What is sorted by, and its type; raw SQL has none."""
        if isinstance(self.by, Raw):
            return RawCondition(self.by.sql, self.by.values).expression(resolver), None
        if isinstance(self.by, ColumnExpression):
            return resolver.model_operand(self.by.model, self.by.attribute)
        return resolver.optional().path_operand(str(self.by))
