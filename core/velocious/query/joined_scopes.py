"""Named scopes of joined models: ``Task.where_scope("project", "active")``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import QueryError, UnknownAttributeError, UnknownRelationshipError
from velocious.query.conditions import Group, RawCondition

if TYPE_CHECKING:
    from collections.abc import Hashable

    from velocious.query.conditions import Condition
    from velocious.query.description import Description
    from velocious.query.resolution import Path, Resolver
    from velocious.sql.nodes import Expression


class AtPath:
    """Conditions on the records at the end of a relationship path, which gets joined."""

    __slots__ = ("key", "part", "path")

    def __init__(self, path: Path, part: Condition) -> None:
        self.path = path
        self.part = part
        self.key: Hashable = "at", path, part.key

    def values(self) -> list[Any]:
        return self.part.values()

    def expression(self, resolver: Resolver) -> Expression:
        for step in self.path:
            resolver = resolver.step(step)
        return self.part.expression(resolver)


def where_scope(
    query: Description[Any], path: str, name: str, given: tuple[Any, ...], named: dict[str, Any]
) -> Any:
    """*query*, narrowed by the scope *name* of the model at the end of *path*."""
    steps = tuple(path.split("."))
    model: Any = query._model
    for step in steps:
        relationships = model._definition.relationships
        if step not in relationships:
            raise UnknownRelationshipError(model.__name__, step, relationships)
        model = relationships[step].target()
    scope = model._definition.scopes.get(name)
    if scope is None:
        raise UnknownAttributeError(f"{model.__name__}'s scopes", name, model._definition.scopes)
    scoped: Description[Any] = scope(type(query)(model), *given, **named)
    _check(scoped, name)
    new = query.joins(path)
    new._joins += tuple(((*steps, *inner), kind) for inner, kind in scoped._joins)
    if scoped._conditions:
        new._conditions += (AtPath(steps, Group("all", scoped._conditions)),)
    return new


def _check(scoped: Description[Any], name: str) -> None:
    plain = type(scoped)(scoped._model)
    plain._conditions, plain._joins = scoped._conditions, scoped._joins
    if scoped._key(None) != plain._key(None) or scoped._preloads:
        raise QueryError(
            f"The scope {name!r} does more than where and joins, which means nothing to records "
            "that are only joined. Apply it to a query of its own model: a sub-query takes it."
        )
    if any(isinstance(one, RawCondition) for one in scoped._conditions):
        raise QueryError(
            f"The scope {name!r} is written in SQL, which cannot know what the joined table is "
            "called here. Write it with attributes, or use a sub-query."
        )
