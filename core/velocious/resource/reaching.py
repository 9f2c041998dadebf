"""The rows that a client may reach, and nothing besides them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.authorization.predicate import Permitted, needs_no_table_but_its_own
from velocious.errors import (
    MalformedCommandError,
    RecordNotFoundError,
    ResourceDeclarationError,
)
from velocious.query.conditions import Group
from velocious.query.query import Query
from velocious.query.subqueries import Partnered

if TYPE_CHECKING:
    from velocious.query.conditions import Condition
    from velocious.record.record import Record
    from velocious.resource.asking import Asking
    from velocious.resource.exposure import Exposure


def reachable(query: Query[Any], exposure: Exposure, asking: Asking) -> Query[Any]:
    """*query* of a client, on nothing but rows that its ability may read and that the resource
    gives.
    """
    seen: Query[Any] = query.seen_by(asking.ability)
    if not exposure.narrows:
        return seen
    base = asking.resource(exposure).records()
    if not isinstance(base, Query) or base._model is not exposure.model:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ResourceDeclarationError(
            f"{exposure.resource.__name__}.records() returned {base!r}. It returns a query of "
            f"{exposure.name}."
        )
    seen = seen.order(*(one.by for one in base._order)) if not seen._order else seen
    seen._conditions += (Permitted(_condition(base)),)
    return seen


def _condition(base: Query[Any]) -> Condition:
    plain = base if base._limit is not None else base.reorder()
    if needs_no_table_but_its_own(plain) and not plain._order:
        return Group("all", plain._conditions)
    return Partnered(plain, negated=False)


async def member(
    given: Any, exposure: Exposure, asking: Asking, query: Query[Any] | None = None
) -> Record:
    """The record that a client calls *given*, of *query* (by default: of all it may read).

    Raises:
        RecordNotFoundError: there is none, or none for this client.
    """
    if isinstance(given, bool) or not isinstance(given, str | int | float) or given == "":
        raise MalformedCommandError("'id' takes the key of a record.")
    within: Query[Any] = Query(exposure.model) if query is None else query
    within = reachable(within, exposure, asking)
    found = await asking.resource(exposure).find(within, given)
    if found is None:
        key = exposure.model._definition.key_name
        raise RecordNotFoundError(exposure.name, {key: given})
    return found
