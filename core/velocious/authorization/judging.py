"""What rules say of one record.

Law: a stored record is judged as it is stored, whatever was assigned to it meanwhile: nobody gets
at a record by assigning what a rule asks for. A new one is judged as it would be stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.authorization import exactly
from velocious.authorization.exactly import UNSURE
from velocious.authorization.predicate import condition_of
from velocious.query.conditions import Keywords
from velocious.query.query import Query
from velocious.record.state import PERSISTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.authorization.ability import Ability
    from velocious.authorization.rule import Rule
    from velocious.query.conditions import Condition
    from velocious.record.record import Record


async def allows(ability: Ability, action: str, record: Record) -> bool:
    """Whether *ability* allows *action* on *record*."""
    model = type(record)
    rules = [one for one in ability.rules(action, model) if one.allows or one.fields is None]
    known = _known(rules, record)
    if known is not UNSURE:
        return known
    if record._state == PERSISTED:
        permitted = ability.predicate(action, model)
        return permitted is None or await _is_among(record, permitted)
    forbidding = [rule for rule in rules if not rule.allows]
    for rule in forbidding:
        if await fulfils(record, rule):
            return False
    for rule in rules:
        if rule.allows and await fulfils(record, rule):
            return True
    return False


async def reason(ability: Ability, action: str, record: Record) -> str | None:
    """What to tell somebody who was refused *action* on *record*: what the rule says that forbids
    it; where none does, what a rule says that would have allowed it.
    """
    rules = [one for one in ability.rules(action, type(record)) if one.allows or not one.fields]
    for rule in rules:
        if not rule.allows and rule.reason is not None and await fulfils(record, rule):
            return rule.reason
    for rule in rules:
        if not rule.allows and rule.reason is None and await fulfils(record, rule):
            return None
    return next((rule.reason for rule in rules if rule.allows and rule.reason), None)


async def fulfils(record: Record, rule: Rule) -> bool:
    """Whether *rule* is about *record*."""
    known = exactly.holds(rule, record)
    if known is not UNSURE:
        return known is True
    if record._state == PERSISTED:
        return await _is_among(record, condition_of(rule))
    # Imported late: only records without a row need one made up.
    from velocious.authorization.made_up_row import row_fits

    return await row_fits(rule.query(), record)


def _known(rules: Sequence[Rule], record: Record) -> Any:
    """Whether *rules* allow it, or UNSURE where the database has to be asked."""
    allowing = [exactly.holds(rule, record) for rule in rules if rule.allows]
    if not any(held is True or held is UNSURE for held in allowing):
        return False
    forbidding = [exactly.holds(rule, record) for rule in rules if not rule.allows]
    if any(held is True for held in forbidding):
        return False
    unsure = UNSURE in forbidding or not any(held is True for held in allowing)
    return UNSURE if unsure else True


async def _is_among(record: Record, condition: Condition) -> bool:
    model = type(record)
    await model._definition.ready()
    key = Keywords({model._definition.key_name: record.primary_key_value()})
    query: Query[Any] = Query(model)
    query._conditions = (key, condition)
    return await query.exists()
