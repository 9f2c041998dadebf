"""Column expressions: ``Task.position > 3``, ``Task.name.like("a%")``, ``Task.created_at.desc()``;
and raw SQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.query.conditions import Comparison, Group

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from velocious.query.conditions import Condition
    from velocious.query.shape import Subquery


class ColumnExpression:
    """An attribute of a model, as a value to build conditions and orders with."""

    __slots__ = ("attribute", "descending", "model")

    def __init__(self, model: Any, attribute: str, *, descending: bool = False) -> None:
        self.model = model
        self.attribute = attribute
        self.descending = descending

    @property
    def key(self) -> Hashable:
        return self.model, self.attribute

    def __eq__(self, other: object) -> Comparison:  # type: ignore[override]
        return self._compare("eq", other)

    def __ne__(self, other: object) -> Comparison:  # type: ignore[override]
        return self._compare("not_eq", other)

    def __gt__(self, other: object) -> Comparison:
        return self._compare("gt", other)

    def __ge__(self, other: object) -> Comparison:
        return self._compare("gteq", other)

    def __lt__(self, other: object) -> Comparison:
        return self._compare("lt", other)

    def __le__(self, other: object) -> Comparison:
        return self._compare("lteq", other)

    __hash__ = None  # type: ignore[assignment]

    def in_(self, values: Iterable[object] | Subquery) -> Comparison:
        """One of *values*, or of those that a query gives; None in a list matches NULL."""
        return self._compare("in", values)

    def not_in(self, values: Iterable[object] | Subquery) -> Comparison:
        """None of *values*."""
        return self._compare("not_in", values)

    def like(self, pattern: str) -> Comparison:
        """SQL's LIKE: ``%`` is any text, ``_`` any character."""
        return self._compare("like", pattern)

    def not_like(self, pattern: str) -> Comparison:
        """The opposite of :meth:`like`."""
        return self._compare("not_like", pattern)

    def between(self, low: object, high: object) -> Comparison:
        """From *low* to *high*, both included."""
        return self._compare("between", [low, high])

    def is_null(self) -> Comparison:
        """No value."""
        return self._compare("eq", None)

    def is_not_null(self) -> Comparison:
        """Some value."""
        return self._compare("not_eq", None)

    def asc(self) -> ColumnExpression:
        """Sorted from the smallest."""
        return ColumnExpression(self.model, self.attribute)

    def desc(self) -> ColumnExpression:
        """Sorted from the largest."""
        return ColumnExpression(self.model, self.attribute, descending=True)

    def _compare(self, operator: str, value: object) -> Comparison:
        return Comparison(self.model, self.attribute, operator, value)

    def __repr__(self) -> str:
        return f"{self.model.__name__}.{self.attribute}"


class Raw:
    """SQL written by the programmer, where an attribute name would do too. Make it with
    :func:`raw`.
    """

    __slots__ = ("sql", "values")

    def __init__(self, sql: str, values: tuple[Any, ...]) -> None:
        self.sql = sql
        self.values = values

    @property
    def key(self) -> Hashable:
        return "raw", self.sql, len(self.values)


def raw(sql: str, *values: object) -> Raw:
    """*sql* taken as it is, with ``?`` for each of *values*. Never build it from user input."""
    return Raw(sql, values)


def any_of(*conditions: Condition) -> Group:
    """At least one of *conditions* holds."""
    return Group("any", conditions)


def all_of(*conditions: Condition) -> Group:
    """Each of *conditions* holds."""
    return Group("all", conditions)
