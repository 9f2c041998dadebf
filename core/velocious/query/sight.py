"""What a query sees: the rows that an ability may read, and no others, wherever it looks.

Law: a row that may not be read is for everything a query does (conditions, joins, sub-queries,
orders, calculations, preloads) a row that does not exist. So nobody finds out about it by sorting,
counting or asking whether. SQL that a program writes into a query looks for itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import QueryError, RuleError
from velocious.sql import nodes as n

if TYPE_CHECKING:
    from collections.abc import Hashable

    from velocious.authorization.ability import Ability
    from velocious.query.conditions import Condition
    from velocious.query.description import Description
    from velocious.query.resolution import Resolver
    from velocious.sql.nodes import Expression


class Sight:
    """What *ability* lets a query of *model* see."""

    __slots__ = ("ability", "root")

    def __init__(self, ability: Ability, model: Any) -> None:
        self.ability = ability
        #: What the rows of the query's own model fulfil; None for all of them.
        self.root: Condition | None = ability.predicate("read", model)

    @property
    def key(self) -> Hashable:
        """Its part of the query's shape; what it says of other models is asked for each time."""
        return "all" if self.root is None else self.root.key

    def values(self) -> list[Any]:
        return [] if self.root is None else self.root.values()

    def beyond(self, relationship: Any, resolver: Resolver) -> list[Expression]:
        """What the rows fulfil that *relationship* leads to, of whose place *resolver* resolves
        names; as a list of none or one.
        """
        model = resolver.joins.schemas[resolver.path].model
        return [] if belongs_to_its_owner(relationship, model) else self.of(model, resolver)

    def of(self, model: Any, resolver: Resolver) -> list[Expression]:
        """What the rows of *model* fulfil, as a list of none or one."""
        # Another ability says something else.
        resolver.joins.scoped = True
        permitted = self.ability.predicate("read", model)
        if permitted is None:
            return []
        return [n.Known(permitted.expression(resolver), tuple(permitted.values()))]


def belongs_to_its_owner(relationship: Any, model: Any) -> bool:
    """Whether rows of *model* are a part of the row that *relationship* starts from, as
    translations and the rows of files are: who sees that one sees them.
    """
    return relationship.holds_files or model in relationship.owner._definition.companions


def seen_by(query: Description[Any], ability: Any) -> Any:
    """*query*, as somebody with *ability* sees it.

    Raises:
        RuleError: for what is no ability.
        QueryError: the query is seen by another one.
    """
    if not hasattr(ability, "predicate"):
        raise RuleError(f"{ability!r} is no ability. Make one: Ability(user=user).")
    known = query._refinements.sight
    if known is not None and known.ability is not ability:
        raise QueryError(
            f"{query!r} is seen by {known.ability!r}, and cannot be seen by {ability!r} too."
        )
    return query if known is not None else query._refined(sight=Sight(ability, query._model))
