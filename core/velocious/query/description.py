"""What a query asks for: conditions, joins, order, limits.

Law: every method returns a new query; nothing here touches a database. What a program may never
ask for is imported when it does: a page waits for every module.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Self

from velocious.errors import QueryError, UnknownAttributeError, UnsupportedValueError
from velocious.query.conditions import Group, parse_conditions
from velocious.query.expressions import ColumnExpression
from velocious.query.ordering import Ordering
from velocious.query.paths import relationship_paths
from velocious.query.refinements import PLAIN
from velocious.query.remote import refuse_remote, refuse_remote_sql
from velocious.query.shape import Subquery

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from velocious.authorization.ability import Ability
    from velocious.query.conditions import Condition
    from velocious.query.expressions import Raw
    from velocious.query.grouped import GroupedQuery
    from velocious.query.refinements import Refinements
    from velocious.query.resolution import Path
    from velocious.record.record import Record


class Description[R: Record](Subquery):
    """Rows of a model, described; :class:`~velocious.query.query.Query` reads and changes them."""

    __slots__ = (
        "_conditions",
        "_distinct",
        "_joins",
        "_limit",
        "_model",
        "_offset",
        "_order",
        "_preloads",
        "_refinements",
    )

    def __init__(self, model: type[R]) -> None:
        self._model = model
        self._conditions: tuple[Condition, ...] = model._definition.default_conditions
        self._joins: tuple[tuple[Path, str], ...] = ()
        self._order: tuple[Ordering, ...] = ()
        self._limit: int | None = None
        self._offset: int | None = None
        self._distinct = False
        self._preloads: tuple[Path, ...] = ()
        self._refinements: Refinements = PLAIN

    def _copy(self) -> Self:
        new = object.__new__(type(self))
        new._model = self._model
        new._conditions = self._conditions
        new._joins = self._joins
        new._order = self._order
        new._limit = self._limit
        new._offset = self._offset
        new._distinct = self._distinct
        new._preloads = self._preloads
        new._refinements = self._refinements
        return new

    def _refined(self, **refinements: Any) -> Self:
        new = self._copy()
        new._refinements = self._refinements._replace(**refinements)
        return new

    # Refining

    def where(self, *conditions: Any, **attributes: Any) -> Self:
        """Only rows that fulfil all of these.

        Keywords compare for equality: None is NULL, a list is membership, a dict goes along a
        relationship (and joins it). Positional conditions are column expressions (``Task.position >
        3``), mappings, or raw SQL followed by its values (``where("tasks.position > ?", 3)``).
        """
        if conditions and type(conditions[0]) is str:
            refuse_remote_sql(self._model, conditions[0])
        new = self._copy()
        new._conditions += parse_conditions(conditions, attributes)
        return new

    def where_not(self, *conditions: Any, **attributes: Any) -> Self:
        """Only rows that do not fulfil all of these together. As in SQL, NULL is neither equal nor
        unequal.
        """
        if not conditions and not attributes:
            raise QueryError("where_not needs a condition: .where_not(done=True).")
        new = self._copy()
        new._conditions += (Group("not", parse_conditions(conditions, attributes)),)
        return new

    def where_exists(self, path: str, *conditions: Any, **attributes: Any) -> Self:
        """Only rows with a partner (that fulfils these) along a relationship, each of them once::

        Project.where_exists("tasks.comments", body="Done")
        """
        from velocious.query.subqueries import partnered

        new = self._copy()
        new._conditions += (partnered(self, path, conditions, attributes, negated=False),)
        return new

    def where_missing(self, path: str, *conditions: Any, **attributes: Any) -> Self:
        """Only rows without such a partner; see :meth:`where_exists`."""
        from velocious.query.subqueries import partnered

        new = self._copy()
        new._conditions += (partnered(self, path, conditions, attributes, negated=True),)
        return new

    def select(self, *attributes: str | ColumnExpression) -> Self:
        """Read these attributes alone. Any other one of the records raises
        AttributeNotSelectedError; saving writes what was assigned.
        """
        if not attributes:
            raise QueryError('No attributes given to select. Name one at least: .select("id").')
        names = tuple(self._own_name(one, "select") for one in attributes)
        return self._refined(selected=tuple(dict.fromkeys(self._refinements.selected + names)))

    def or_(self, other: Description[R]) -> Self:
        """Rows of this query or of *other*: both of one model, with equal joins and no limits."""
        if other._model is not self._model:
            raise QueryError(f"or_ takes a query of {self._model.__name__}, not {other!r}.")
        if any(one is not None for one in (self._limit, self._offset, other._limit, other._offset)):
            raise QueryError("or_ takes queries without limit and offset: set them afterwards.")
        if set(self._joins) != set(other._joins):
            raise QueryError(
                "or_ takes queries with the same joins. Leave joins out (nested conditions join by "
                "themselves), or call the same .joins(…) or .left_joins(…) on both."
            )
        if other._refinements.sight is not None and self._refinements.sight is None:
            raise QueryError("or_ takes a query that is seen by somebody last: .seen_by(…) then.")
        new = self._copy()
        sides = (Group("all", self._conditions), Group("all", other._conditions))
        new._conditions = (Group("any", sides),)
        return new

    def joins(self, *relationships: Any) -> Self:
        """Join relationships: names, lists, and dicts for nested ones. Rows without a partner are
        left out.
        """
        new = self._copy()
        new._joins += tuple((path, "INNER") for path in relationship_paths(relationships))
        return new

    def left_joins(self, *relationships: Any) -> Self:
        """As :meth:`joins`, but rows without a partner stay."""
        new = self._copy()
        new._joins += tuple((path, "LEFT") for path in relationship_paths(relationships))
        return new

    def preload(self, *relationships: Any) -> Self:
        """Load relationships with the rows, one query for each: names, lists, and dicts for nested
        ones.
        """
        new = self._copy()
        new._preloads = tuple(dict.fromkeys(self._preloads + relationship_paths(relationships)))
        return new

    def order(self, *by: str | ColumnExpression | Raw) -> Self:
        """Sort by these, after what is sorted by already: ``"name"``, ``"-project.name"``,
        ``Task.name.desc()``.
        """
        new = self._copy()
        new._order += self._orderings(by)
        return new

    def reorder(self, *by: str | ColumnExpression | Raw) -> Self:
        """Sort by these alone."""
        new = self._copy()
        new._order = self._orderings(by)
        return new

    def reverse_order(self) -> Self:
        """The other way round; without an order, from the largest primary key."""
        new = self._copy()
        new._order = tuple(one.reversed() for one in self._order) or (self._by_key("-"),)
        return new

    def limit(self, count: int | None) -> Self:
        """At most *count* rows; None: all."""
        new = self._copy()
        new._limit = _row_count("limit", count)
        return new

    def offset(self, count: int | None) -> Self:
        """Without the first *count* rows."""
        new = self._copy()
        new._offset = _row_count("offset", count)
        return new

    def search(self, given: Mapping[str, Any], *, allow: Iterable[str]) -> Self:
        """Narrowed and sorted as a search form says, within the attributes that *allow* names::

        Task.search({"name_cont": "docs", "project_name_eq": "Apollo", "s": "name desc"},
                    allow=["name", "project.name"])
        """
        from velocious.query import filters

        return filters.search(self, given, allow)

    def page(self, number: int) -> Self:
        """The page *number*, from 1 on; :meth:`per_page` says how many rows it has, else 30."""
        from velocious.query.pages import paged

        return paged(self, page=number)

    def per_page(self, count: int) -> Self:
        """Pages of *count* rows."""
        from velocious.query.pages import paged

        return paged(self, per_page=count)

    def lock(self, *, skip_locked: bool = False, nowait: bool = False) -> Self:
        """Lock the rows until the transaction ends, where the database has row locks. SQLite has
        one writer at a time: there a transaction that writes needs no lock.

        Rows that another transaction has locked are waited for; *skip_locked* leaves them out (a
        queue's workers want that), *nowait* raises LockTimeoutError at once.
        """
        refuse_remote(
            self._model, "lock()", "Let a command of the resource lock the rows, on its own side."
        )
        if skip_locked and nowait:
            raise QueryError(
                "lock takes skip_locked or nowait, not both: a locked row is either left out or an "
                "error."
            )
        return self._refined(lock="skip" if skip_locked else "nowait" if nowait else "wait")

    def where_scope(self, path: str, name: str, *given: Any, **named: Any) -> Self:
        """Narrowed by the scope *name* of the model at the end of a relationship path::

        Comment.joins("task").where_scope("task.project", "active")
        """
        from velocious.query.joined_scopes import where_scope

        return where_scope(self, path, name, given, named)

    def accessible(self, ability: Ability | None = None) -> Self:
        """Only rows that *ability* may read; by default the one of whoever is being answered.

        One condition more, without a query of its own and without a join. Raises
        AbilityNotSetError where there is no ability.
        """
        return self.accessible_for("read", ability)

    def accessible_by(self, ability: Ability) -> Self:
        """Only rows that *ability* may read; it has to be one."""
        from velocious.query import permitted

        return permitted.accessible(self, "read", ability)

    def accessible_for(self, action: str, ability: Ability | None = None) -> Self:
        """Only rows on which *ability* allows *action*; see :meth:`accessible`."""
        from velocious.query import permitted

        asked = permitted.current_ability(self._model.__name__) if ability is None else ability
        return permitted.accessible(self, action, asked)

    def seen_by(self, ability: Ability) -> Self:
        """As somebody with *ability* sees it: as :meth:`accessible`, and whatever is joined, asked
        for in sub-queries, sorted by, counted or preloaded, too, is only what they may read. A row
        that they may not read is like one that does not exist.
        """
        from velocious.query import sight

        return sight.seen_by(self, ability)

    def distinct(self, distinct: bool = True) -> Self:
        """Each row once, however often a join repeats it."""
        new = self._copy()
        new._distinct = distinct
        return new

    def group(self, *by: str | ColumnExpression | Raw) -> GroupedQuery[R]:
        """Groups of rows that are equal in these, after what is grouped by already; calculations
        are dicts then.
        """
        # Imported late: a grouped query is a query.
        from velocious.query.grouped import GroupedQuery, grouping

        refuse_remote(
            self._model, "group()", "Let a command of the resource group the rows, on its own side."
        )
        if not by:
            raise QueryError('No groups given. Name one at least: .group("project_id").')
        new: Any = GroupedQuery(self._model)
        for slot in Description.__slots__:
            setattr(new, slot, getattr(self, slot))
        return new._refined(groups=self._refinements.groups + tuple(map(grouping, by)))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        scope = self._model._definition.scopes.get(name)
        if scope is None:
            known = [*self._model._definition.scopes, *(n for n in dir(type(self)) if n[0] != "_")]
            raise UnknownAttributeError(f"Query[{self._model.__name__}]", name, known)
        return partial(scope, self)

    # The plan's key and its values

    def subquery_key(self) -> Hashable:
        from velocious.query.subqueries import column_of

        column_of(self)
        return "sub", self._model, self._key(None)

    def subquery_values(self) -> list[Any]:
        dropped = self._order and self._limit is None and self._offset is None
        return (self.reorder() if dropped else self)._values()

    def _key(self, kind: Hashable) -> Hashable:
        return (
            kind,
            tuple([condition.key for condition in self._conditions]),
            self._joins,
            tuple([one.key for one in self._order]) if self._order else (),
            self._limit is None,
            self._offset is None,
            self._distinct,
            None if self._refinements is PLAIN else self._refinements.key,
        )

    def _values(self) -> list[Any]:
        values: list[Any] = []
        for condition in self._conditions:
            values += condition.values()
        if self._refinements is not PLAIN:
            values.extend(self._refinements.values())
        for one in self._order:
            values.extend(one.values())
        if self._limit is not None:
            values.append(self._limit)
        if self._offset is not None:
            values.append(self._offset)
        return values

    def _own_name(self, column: str | ColumnExpression, method: str) -> str:
        if isinstance(column, str):
            return column
        if not isinstance(column, ColumnExpression) or column.model is not self._model:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise UnsupportedValueError(
                f"{method} takes attributes of {self._model.__name__}, not {column!r}."
            )
        return column.attribute

    def _orderings(self, by: tuple[Any, ...]) -> tuple[Ordering, ...]:
        orderings = tuple([Ordering(one) for one in by])
        for one in orderings:
            if type(one.by) is not str and hasattr(one.by, "sql"):
                refuse_remote_sql(self._model, getattr(one.by, "sql"))  # noqa: B009
        return orderings

    def _by_key(self, sign: str = "") -> Ordering:
        return Ordering(sign + self._model._definition.key_name)

    def __repr__(self) -> str:
        return f"<Query of {self._model.__name__} with {len(self._conditions)} conditions>"


def _row_count(what: str, count: Any) -> int | None:
    if count is None:
        return None
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count < 2**63:
        raise UnsupportedValueError(
            f"{what} takes a whole number from 0 to 2**63 - 1, or None, not {count!r}.",
            value=count,
        )
    return count
