"""The same questions for SQLAlchemy Core, written without a look at our SQL."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from tests.differential import queries as q
from tests.differential.joined import Tree

if TYPE_CHECKING:
    from tests.differential.engines import Place
    from tests.differential.joined import Tables

OPERATORS: dict[str, Any] = {
    "eq": operator.eq,
    "not_eq": operator.ne,
    "gt": operator.gt,
    "gteq": operator.ge,
    "lt": operator.lt,
    "lteq": operator.le,
}


class Oracle:
    """Answers for one schema over one connection."""

    def __init__(self, tables: Tables, place: Place) -> None:
        self.tables = tables
        self.place = place

    async def rows(
        self, question: q.Question, places: list[tuple[q.Path, str]]
    ) -> list[tuple[Any, ...]]:
        """The values at *places* of the rows of *question*, in its order."""
        select, width = self._select(question, places)
        return [tuple(row)[-width:] for row in await self.place.execute(select)]

    def _select(self, question: q.Question, places: list[tuple[q.Path, str]]) -> tuple[Any, int]:
        """The statement; how many of the last columns were asked for."""
        tree = Tree(self.tables, question.table)
        kept = {
            path[:end]
            for path, kind in question.joins
            if kind == "LEFT"
            for end in range(1, len(path) + 1)
        }
        asked = {
            path[:end]
            for path, kind in question.joins
            if kind == "INNER"
            for end in range(1, len(path) + 1)
        }
        for path, _ in question.joins:
            tree.place(path)
        condition = self._conditions(tree, question)
        tree.required = (tree.required - kept) | asked | tree.asked
        order = [self._order(tree, one) for one in question.sorted]
        columns = [tree.place(path).c[name] for path, name in places]
        # DISTINCT rows are sorted by what is selected; beside the key it changes nothing.
        sorting = [tree.column(one.path, one.column) for one in question.sorted]
        keys = [tree.root.c.id, *sorting] if question.distinct else []
        select = sa.select(*keys, *columns).where(condition, *tree.partners())
        select = select.select_from(tree.source).order_by(*order)
        limit, offset = question.window
        select = select.distinct() if question.distinct else select
        if offset is not None:
            select = select.offset(offset)
        if limit is not None:
            select = select.limit(limit)
        return select, len(places)

    def _order(self, tree: Tree, order: q.Order) -> Any:
        column = tree.column(order.path, order.column)
        key = column.desc() if order.descending else column
        if not self.place.nulls_last:
            return key
        return key.nulls_last() if order.descending else key.nulls_first()

    def _conditions(self, tree: Tree, question: q.Question) -> Any:
        if question.otherwise is None:
            return self._all(tree, question.conditions, sure=True)
        first = self._all(tree, question.conditions, sure=False)
        return sa.or_(first, self._all(tree, question.otherwise, sure=False))

    def _all(self, tree: Tree, parts: tuple[Any, ...], *, sure: bool, path: q.Path = ()) -> Any:
        return sa.and_(sa.true(), *(self._one(tree, one, sure, path) for one in parts))

    def _one(self, tree: Tree, part: Any, sure: bool, path: q.Path) -> Any:
        match part:
            case q.Equal(column, value):
                return self._equal(tree.column(path, column), value)
            case q.Along(way, parts):
                further = (*path, way)
                tree.place(further)
                if sure:
                    tree.required.add(further)
                return self._all(tree, parts, sure=sure, path=further)
            case q.Compared(column, name, value):
                return self._compared(tree.column(path, column), name, value)
            case q.AnyOf(parts, every):
                found = [self._one(tree, one, False, path) for one in parts]
                return sa.and_(sa.true(), *found) if every else sa.or_(sa.false(), *found)
            case q.NotAll(parts):
                return sa.not_(self._all(tree, parts, sure=False, path=path))
            case q.Partner():
                return self._partner(tree, part)
            case q.Member():
                return self._member(tree, part)
            case q.Scoped(steps, inner):
                return self._scoped(tree, steps, inner)
            case _:
                raise TypeError(part)

    def _equal(self, column: Any, value: Any) -> Any:
        if value is None:
            return column.is_(None)
        if not isinstance(value, tuple):
            return column == value
        members = cast("tuple[Any, ...]", value)
        present = [one for one in members if one is not None]
        found = [column.in_(present)] if present else [sa.false()]
        return sa.or_(*found, column.is_(None)) if None in members else found[0]

    def _compared(self, column: Any, name: str, value: Any) -> Any:
        match name:
            case "is_null":
                return column.is_(None)
            case "is_not_null":
                return column.is_not(None)
            case "like":
                return self._like(column, value)
            case "not_like":
                return sa.not_(self._like(column, value))
            case "between":
                low, high = (sa.literal(one, column.type) for one in value)
                return sa.and_(column >= low, column <= high)
            case "in":
                return self._equal(column, value)
            case "not_in":
                return sa.not_(self._equal(column, value))
            case _:
                return OPERATORS[name](column, sa.literal(value, column.type))

    def _like(self, column: Any, pattern: str) -> Any:
        # Nothing escapes unless it is said: so the escape is what no pattern holds.
        return sa.func.lower(column).like(sa.func.lower(sa.literal(pattern)), escape="!")

    def _partner(self, tree: Tree, part: q.Partner) -> Any:
        inner = Tree(self.tables, tree.table)
        target = inner.place(part.path)
        condition = self._all(inner, part.parts, sure=True, path=part.path)
        found = (
            sa.exists(sa.literal(1))
            .select_from(inner.source)
            .where(inner.root.c.id == tree.root.c.id, target.c.id.is_not(None), condition)
        )
        return ~found if part.negated else found

    def _member(self, tree: Tree, part: q.Member) -> Any:
        inner = Tree(self.tables, part.table)
        condition = self._all(inner, part.parts, sure=True)
        select = sa.select(inner.column((), part.selected)).select_from(inner.source)
        found = tree.column((), part.column).in_(select.where(condition))
        return sa.not_(found) if part.negated else found

    def _scoped(self, tree: Tree, path: q.Path, part: q.Equal) -> Any:
        for end in range(1, len(path) + 1):
            tree.place(path[:end])
            tree.asked.add(path[:end])
        return self._one(tree, part, True, path)
