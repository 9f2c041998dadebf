"""Queries that find what an ability allows, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.current import Current
from velocious.errors import AbilityNotSetError, RuleError

if TYPE_CHECKING:
    from velocious.authorization.ability import Ability
    from velocious.query.description import Description


def accessible(query: Description[Any], action: str, ability: Any) -> Any:
    """*query*, of whose records *ability* allows *action*.

    Raises:
        RuleError: for what is no ability.
    """
    if not hasattr(ability, "predicate"):
        raise RuleError(f"{ability!r} is no ability. Make one: Ability(user=user).")
    permitted = ability.predicate(action, query._model)
    if permitted is None:
        return query
    new = query._copy()
    new._conditions += (permitted,)
    return new


def current_ability(wanted_by: str) -> Ability:
    """The ability of whoever is being answered.

    Raises:
        AbilityNotSetError: there is none; it names *wanted_by*.
    """
    ability = Current.ability()
    if ability is None:
        raise AbilityNotSetError(wanted_by)
    return ability
