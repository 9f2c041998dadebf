"""The gate: a client's query, whatever it was written in, against the lists of the resources.

Law: every name on every path of the query comes by here, and what this module does not know does
not pass. Nothing that a program wrote (default conditions, scopes, rules) is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import MalformedCommandError, NotExposedError, RawQueryRefusedError
from velocious.query.conditions import Comparison, Group, Keywords, RawCondition, nested_pairs
from velocious.query.expressions import ColumnExpression, Raw
from velocious.query.filters import PATTERNS, Filter
from velocious.query.joined_scopes import AtPath
from velocious.query.shape import Subquery, as_list
from velocious.query.subqueries import Partnered, column_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from velocious.query.conditions import Condition
    from velocious.query.description import Description
    from velocious.query.ordering import Ordering
    from velocious.resource.asking import Asking
    from velocious.resource.budget import Budget
    from velocious.resource.exposure import Exposure


class Gate:
    """Checks the queries of one command.

    Attributes:
        compares_others: whether a query compares what models have that it may not join.
    """

    def __init__(self, asking: Asking, budget: Budget) -> None:
        self._asking = asking
        self._budget = budget
        self.compares_others = False

    def check(self, query: Description[Any]) -> None:
        """Let *query* pass.

        Raises:
            NotExposedError: it names what is not listed.
            RawQueryRefusedError: it holds SQL.
            ResourceLimitError: it asks for too much.
        """
        exposure = self._asking.exposure_of(query._model)
        self._check_conditions(query, query._conditions, exposure)
        for path, _ in query._joins:
            self.follow(exposure, path)
        for path in query._preloads:
            self._check_preload(exposure, path)
        self._check_orders(exposure, query._order, "sort by")
        refined = query._refinements
        self._check_orders(exposure, refined.groups, "group by")
        self._check_conditions(query, refined.having, exposure)
        for name in refined.selected:
            self.check_name(exposure, name, "read")
        if refined.lock is not None:
            raise MalformedCommandError("Rows are locked by programs of the server only.")

    # Conditions

    def _check_conditions(
        self, query: Description[Any], conditions: Iterable[Condition], exposure: Exposure
    ) -> None:
        known = {id(one) for one in query._model._definition.default_conditions}
        for one in conditions:
            if id(one) not in known:
                self._check_condition(one, exposure)

    def _check_condition(self, one: Condition, exposure: Exposure) -> None:
        self._budget.part()
        match one:
            case Keywords():
                self._check_pairs(one.pairs, exposure)
            case Comparison():
                target = self._asking.exposure_of(one.model)
                self.compares_others |= target is not exposure
                self.check_name(target, one.attribute, "filter by")
                self._check_value(one.value)
                if one.operator in ("like", "not_like"):
                    _demand_text(target, one.attribute, one.value)
            case Group():
                for part in one.parts:
                    self._check_condition(part, exposure)
            case Filter():
                self.check_path(one.path, exposure, "filter by")
                self._check_value(one.value)
                if one.predicate in PATTERNS:
                    *steps, name = one.path.split(".")
                    _demand_text(self.follow(exposure, steps), name, one.value)
            case AtPath():
                self._check_condition(one.part, self.follow(exposure, one.path))
            case Partnered():
                self.check(one.query)
            case RawCondition():
                raise RawQueryRefusedError
            case _:
                raise MalformedCommandError("The query has a condition that nobody knows here.")

    def _check_pairs(self, pairs: Any, exposure: Exposure) -> None:
        for name, value in pairs.items():
            self._budget.part()
            nested = nested_pairs(value)
            if nested is not None:
                self._check_pairs(nested, self.follow(exposure, (name,)))
                continue
            self.check_name(exposure, name, "filter by")
            self._check_value(value)

    def _check_value(self, value: Any) -> None:
        if isinstance(value, Subquery):
            self._check_values_of(value)
            return
        members = as_list(value)
        if members is not None:
            self._budget.values(members)
            for one in members:
                if isinstance(one, Subquery):
                    self._check_values_of(one)

    def _check_values_of(self, query: Any) -> None:
        """A query whose values an attribute is compared with: comparing tells what they are."""
        self.check(query)
        exposure = self._asking.exposure_of(query._model)
        name = column_of(query) or exposure.model._definition.key_name
        self.check_name(exposure, name, "filter by")

    # Names

    def _check_orders(self, exposure: Exposure, orders: Sequence[Ordering], use: str) -> None:
        for one in orders:
            self._budget.part()
            if isinstance(one.by, Raw):
                raise RawQueryRefusedError
            if isinstance(one.by, ColumnExpression):
                target = self._asking.exposure_of(one.by.model)
                self.compares_others |= target is not exposure
                self.check_name(target, one.by.attribute, use)
            else:
                self.check_path(str(one.by), exposure, use)

    def check_path(self, dotted: str, exposure: Exposure, use: str) -> None:
        """Let the attribute pass that ``project.name`` leads to. Raises NotExposedError."""
        *steps, name = dotted.split(".")
        self.check_name(self.follow(exposure, steps), name, use)

    def follow(self, exposure: Exposure, steps: Sequence[str]) -> Exposure:
        """What *exposure* leads to along *steps*. Raises NotExposedError."""
        self._budget.path(steps)
        for name in steps:
            self._budget.part()
            relationship = self._relationship(exposure, name)
            if relationship.polymorphic:
                raise MalformedCommandError(
                    f"{exposure.name}.{name} leads to records of several models: preload it."
                )
            exposure = self._asking.exposure_of(relationship.target())
        return exposure

    def _check_preload(self, exposure: Exposure, path: Sequence[str]) -> None:
        """As :meth:`follow`; the last step may lead to records of several models."""
        *steps, last = path
        self._budget.path(path)
        owner = self.follow(exposure, steps)
        if not self._relationship(owner, last).polymorphic:
            self.follow(owner, (last,))

    def _relationship(self, exposure: Exposure, name: str) -> Any:
        relationship = exposure.relationships.get(name)
        if relationship is None:
            raise NotExposedError(exposure.name, name, "follow", exposure.relationships)
        return relationship

    def check_name(self, exposure: Exposure, name: str, use: str) -> None:
        """Let the attribute *name* pass. Raises NotExposedError."""
        allowed = self._asking.allowed(exposure, use)
        column = name
        relationship = exposure.relationships.get(name)
        if relationship is not None and relationship.holds_key and name not in allowed:
            column = relationship.owner_column()
        if column not in allowed:
            raise NotExposedError(exposure.name, name, use, allowed)


def _demand_text(exposure: Exposure, name: str, value: Any) -> None:
    """Raise MalformedCommandError where a pattern is no text, or looked for in what is none."""
    schema = exposure.model._definition.schema_in_use()
    attribute = None if schema is None else schema.attributes.get(name)
    if not isinstance(value, str) or attribute is None or attribute.type.storage != "text":
        raise MalformedCommandError(f"A pattern is text, looked for in text: {name!r} is none.")
