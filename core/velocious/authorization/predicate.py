"""From rules to one condition of a query.

Law: forbidding wins, whatever the order. What is forbidden is what is known to be: a condition that
is NULL forbids nothing. A condition that needs other tables becomes a sub-query on the key, so that
it repeats no row and joins nothing to the query it is added to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.query.conditions import Comparison, Group, Keywords, nested_pairs
from velocious.query.filters import Filter
from velocious.query.refinements import PLAIN
from velocious.query.subqueries import Partnered
from velocious.sql import nodes as n

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from velocious.authorization.rule import Rule
    from velocious.query.conditions import Condition
    from velocious.query.query import Query
    from velocious.query.resolution import Resolver
    from velocious.sql.nodes import Expression


class Forbidden:
    """That *part* does not hold, NULL included."""

    __slots__ = ("key", "part")

    def __init__(self, part: Condition) -> None:
        self.part = part
        self.key: Hashable = "forbidden", part.key

    def values(self) -> list[Any]:
        return self.part.values()

    def expression(self, resolver: Resolver) -> Expression:
        held = self.part.expression(resolver)
        return n.Not(n.Call("COALESCE", (held, n.Raw("FALSE"))))


class Permitted:
    """What an ability lets through. Its rules see every row, whoever asks."""

    __slots__ = ("key", "part")

    def __init__(self, part: Condition) -> None:
        self.part = part
        self.key: Hashable = "permitted", part.key

    def values(self) -> list[Any]:
        return self.part.values()

    def expression(self, resolver: Resolver) -> Expression:
        joins = resolver.joins
        sight, joins.sight = joins.sight, None
        try:
            return self.part.expression(resolver)
        finally:
            joins.sight = sight

    def __repr__(self) -> str:
        return "<the rules of an ability, which stay where they are>"


#: What lets nothing through.
NOTHING = Permitted(Group("any", ()))


def predicate(rules: Sequence[Rule]) -> Permitted | None:
    """What records fulfil that *rules*, all of one model and action, allow; None for all of them.

    Raises:
        RuleError: a rule's function returns no query.
    """
    allowing = [rule for rule in rules if rule.allows]
    forbidding = [rule for rule in rules if not rule.allows and rule.fields is None]
    if not allowing or any(rule.is_unconditional for rule in forbidding):
        return NOTHING
    parts: list[Condition] = []
    if not any(rule.is_unconditional for rule in allowing):
        parts.append(Group("any", tuple(map(condition_of, allowing))))
    parts += [Forbidden(condition_of(rule)) for rule in forbidding]
    return Permitted(Group("all", tuple(parts))) if parts else None


def condition_of(rule: Rule) -> Condition:
    """What the records fulfil that *rule* is about."""
    query = rule.query()
    if needs_no_table_but_its_own(query):
        return Group("all", query._conditions)
    return Partnered(query, negated=False)


def needs_no_table_but_its_own(query: Query[Any]) -> bool:
    """Whether the conditions of *query* are all there is to it, and can stand in any query of its
    model, whatever that joins.
    """
    narrowed = query._joins or query._limit is not None or query._offset is not None
    if narrowed or query._refinements is not PLAIN:
        return False
    return all(_is_plain(one, query._model) for one in query._conditions)


def _is_plain(condition: Condition, model: Any) -> bool:
    match condition:
        case Keywords():
            return all(nested_pairs(value) is None for value in condition.pairs.values())
        case Comparison():
            return condition.model is model
        case Group():
            return all(_is_plain(part, model) for part in condition.parts)
        case Filter():
            return "." not in condition.path
        case _:
            # SQL names tables, which may have another name where it is joined.
            return False
