"""Queries inside of queries: ``Task.where(project_id=Project.where(…).select("id"))``, and rows
with or without partners.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import QueryError
from velocious.query.plan import select_of
from velocious.query.resolution import Joins, Resolver, schema_of
from velocious.sql import nodes as n

if TYPE_CHECKING:
    from collections.abc import Hashable

    from velocious.query.description import Description
    from velocious.sql.nodes import Expression


def column_of(query: Description[Any]) -> str | None:
    """The one column that *query* gives as a sub-query: what it selects; None for its key.

    Raises:
        QueryError: where it selects several.
    """
    names = query._refinements.selected or tuple(str(one.by) for one in query._refinements.groups)
    if len(names) > 1:
        raise QueryError(
            f"A sub-query gives one column, but {query!r} gives {', '.join(names)}. Select one: "
            f'.select("{names[0]}").'
        )
    return names[0] if names else None


def among(
    operand: Expression, query: Description[Any], resolver: Resolver, row: Any = None
) -> Expression:
    """*operand* is a value that *query* gives; *row* stands in for its table, if there is one."""
    outer = resolver.joins
    inner = Joins(schema_of(query._model, outer.root), outer.sight or query._refinements.sight)
    inner.row = row
    name = column_of(query) or inner.root.primary_key

    def columns(resolver: Resolver) -> tuple[Expression, ...]:
        return (resolver.operand(name)[0],)

    limited = query._limit is not None or query._offset is not None
    select = select_of(query, inner, columns, ordered=limited)
    if outer.sight is not None:
        seen = outer.sight.of(query._model, Resolver(inner))
        known = () if select.where is None else (select.where,)
        select = select.replaced(where=n.All((*known, *seen))) if seen else select
        outer.scoped = True
    outer.scoped = outer.scoped or inner.scoped
    return n.Among(operand, select, tuple(inner.values))


class Partnered:
    """Rows for which *query*, a query of the same model, gives their own key; or does not."""

    __slots__ = ("key", "negated", "query")

    def __init__(self, query: Description[Any], *, negated: bool) -> None:
        self.query = query
        self.negated = negated
        self.key: Hashable = "among", negated, query.subquery_key()

    def values(self) -> list[Any]:
        return self.query.subquery_values()

    def expression(self, resolver: Resolver) -> Expression:
        root = resolver.joins.schemas[resolver.path]
        row = None if resolver.path else resolver.joins.row
        found = among(resolver.operand(root.primary_key)[0], self.query, resolver, row)
        return n.Not(found) if self.negated else found


def partnered(
    query: Description[Any],
    path: str,
    conditions: tuple[Any, ...],
    attributes: dict[str, Any],
    *,
    negated: bool,
) -> Partnered:
    """Rows of the model of *query* with a partner along *path* that fulfils the conditions."""
    nested: dict[str, Any] = attributes
    for step in reversed(path.split(".")):
        nested = {step: nested}
    inner = type(query)(query._model).joins(path)
    inner = inner.where(nested) if attributes else inner
    return Partnered(inner.where(*conditions) if conditions else inner, negated=negated)
