"""Listeners, by what they may see: those whose rules are equal hear the same, found out once.

Law: what a resource works out for single users is worked out for each of them.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from velocious.authorization.predicate import condition_of
from velocious.resource.kinds import VIRTUAL

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from velocious.authorization import Ability
    from velocious.authorization.rule import Rule
    from velocious.resource.exposure import Exposure
    from velocious.resource.live.channel import FrontendModels


logger = logging.getLogger("velocious.realtime")


class Group:
    """Listeners that hear the same.

    Attributes:
        ability: that of one of them, equal to those of the others.
        speaks_python: how it is said.
        listeners: who they are.
    """

    __slots__ = ("ability", "listeners", "speaks_python")

    def __init__(self, ability: Ability, *, speaks_python: bool) -> None:
        self.ability = ability
        self.speaks_python = speaks_python
        self.listeners: list[FrontendModels] = []


async def groups_of(
    listeners: Iterable[FrontendModels], exposure: Exposure
) -> tuple[list[Group], list[FrontendModels]]:
    """*listeners* of one model, by what they may see now; and those of whom nobody can say what
    that is.
    """
    found: dict[Hashable, Group] = {}
    unknown: list[FrontendModels] = []
    personal = is_personal(exposure)
    for listener in listeners:
        try:
            ability = await listener.ability_now()
            distinct = _distinct(ability, exposure.model, personal=personal)
        except Exception:
            logger.exception("What a listener to %s may do is not known", exposure.name)
            unknown.append(listener)
            continue
        key = listener.speaks_python, distinct
        group = found.get(key)
        if group is None:
            group = found[key] = Group(ability, speaks_python=listener.speaks_python)
        group.listeners.append(listener)
    return list(found.values()), unknown


def is_personal(exposure: Exposure) -> bool:
    """Whether what is sent of a record may depend on whom it is sent to."""
    # Such methods may give different people different answers.
    return exposure.narrows or exposure.serializes or VIRTUAL in exposure.kinds.values()


def _distinct(ability: Ability, model: Any, *, personal: bool) -> Hashable:
    """What equal abilities have in common, and no others."""
    if personal and ability.context:
        return id(ability)
    key = tuple(map(_rule, ability.rules("read", model)))
    whole = (key, _user(ability.user)) if personal else key
    try:
        hash(whole)
    except TypeError:
        # Of values that cannot be compared, nobody knows whether they are equal.
        return id(ability)
    return whole


def _rule(rule: Rule) -> Hashable:
    if rule.is_unconditional:
        return rule.allows, rule.fields
    condition = condition_of(rule)
    # 1 and True are equal, and not the same to every column.
    values: Hashable = tuple((type(value).__name__, value) for value in condition.values())
    return rule.allows, rule.fields, condition.key, values


def _user(user: Any) -> Hashable:
    key = user.primary_key_value() if hasattr(user, "primary_key_value") else user
    return type(user).__name__, key
