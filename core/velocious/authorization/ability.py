"""``Ability``: what one user may do.

Law: the rules of a model are asked for once, when something first needs them. An ability that could
not read all rules of a model has none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.authorization import fields as field_rules
from velocious.authorization.predicate import predicate
from velocious.authorization.rule import Rule
from velocious.errors import AccessDeniedError, RuleError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from velocious.authorization.base_resource import BaseResource
    from velocious.authorization.fields import Fields
    from velocious.authorization.predicate import Permitted
    from velocious.authorization.rule import Given
    from velocious.record.record import Record

    #: What takes an ability and says rules: a resource's class, mostly.
    type Ruling = type[BaseResource]

#: The four things that are done with records.
CRUD = ("create", "read", "update", "destroy")


class Ability:
    """The rules of one user, or of nobody in particular.

    ::

        ability = Ability(user=user, resources=[TaskResource])
        await Task.accessible(ability)
        await ability.authorize("update", task)

    Arguments:
        user: whatever the application calls its user; None for somebody who is not signed in.
        context: what else rules may want to know (``self.context["ip"]``).
        resources: the classes with the rules; by default those of the application
            (``app/resources``).
    """

    __slots__ = (
        "_loaded",
        "_predicates",
        "_resources",
        "_rules",
        "_rules_about",
        "context",
        "user",
    )

    def __init__(
        self,
        *,
        user: Any = None,
        context: Mapping[str, Any] | None = None,
        resources: Iterable[Ruling] | None = None,
    ) -> None:
        self.user = user
        self.context = dict(context or {})
        self._resources = None if resources is None else tuple(resources)
        self._rules: dict[type[Record], list[Rule]] = {}
        self._loaded: set[type[Record]] = set()
        #: What was worked out of the rules, by action and model.
        self._rules_about: dict[tuple[str, type[Record]], tuple[Rule, ...]] = {}
        self._predicates: dict[tuple[str, type[Record]], Permitted | None] = {}

    # Rules

    def can(
        self,
        actions: str | list[str] | tuple[str, ...],
        model: type[Record],
        /,
        *conditions: Given,
        fields: Any = None,
        reason: str | None = None,
        **attributes: Any,
    ) -> None:
        """Allow *actions* on records of *model*; see :meth:`BaseResource.can`."""
        self._add(True, actions, model, conditions, attributes, fields, reason)

    def cannot(
        self,
        actions: str | list[str] | tuple[str, ...],
        model: type[Record],
        /,
        *conditions: Given,
        fields: Any = None,
        reason: str | None = None,
        **attributes: Any,
    ) -> None:
        """Forbid *actions* on records of *model*; see :meth:`BaseResource.cannot`."""
        self._add(False, actions, model, conditions, attributes, fields, reason)

    def rules(self, action: str, model: type[Record]) -> tuple[Rule, ...]:
        """The rules about *action* and *model*."""
        found = self._rules_about.get((action, model))
        if found is None:
            if model not in self._loaded:
                self._load(model)
            found = tuple([rule for rule in self._rules.get(model, ()) if rule.covers(action)])
            self._rules_about[action, model] = found
        return found

    def _add(self, allows: bool, actions: Any, model: Any, *given: Any) -> None:
        if not hasattr(model, "_definition") or not isinstance(model, type):
            raise RuleError(
                f"A rule is about the records of a model, not about {model!r}: "
                'ability.can("read", Task).'
            )
        conditions, attributes, fields, reason = given
        rule = Rule(allows, actions, model, conditions, attributes, fields=fields, reason=reason)
        self._rules.setdefault(model, []).append(rule)
        self._forget()

    def _forget(self) -> None:
        """Rules have changed."""
        self._rules_about.clear()
        self._predicates.clear()

    def _load(self, model: type[Record]) -> None:
        self._loaded.add(model)
        before = list(self._rules.get(model, ()))
        try:
            for resource in self._known_resources():
                if resource.model is model:
                    resource(self).abilities()
        except BaseException:
            # Half of the rules might allow what the other half forbids.
            self._rules[model] = before
            self._loaded.discard(model)
            self._forget()
            raise

    def _known_resources(self) -> tuple[Ruling, ...]:
        if self._resources is None:
            from velocious.authorization.known_resources import known_resources

            self._resources = known_resources()
        return self._resources

    # Questions

    def may(self, action: str, model: type[Record]) -> bool:
        """Whether there could be a record of *model* on which *action* is allowed: for showing a
        button. No database is asked.
        """
        rules = self.rules(action, model)
        forbidden = any(
            rule.is_unconditional and rule.fields is None for rule in rules if not rule.allows
        )
        return not forbidden and any(rule.allows for rule in rules)

    async def allows(self, action: str, record: Record) -> bool:
        """Whether *action* is allowed on *record*: a stored one as it is stored, a new one as it
        would be, a destroyed one as it was. ``accessible_for(action)`` finds the same records.
        """
        from velocious.authorization import judging

        _demand_record(record, "allows")
        return await judging.allows(self, action, record)

    async def authorize(self, action: str, record: Record | type[Record]) -> None:
        """Demand that *action* is allowed on *record*; of a class, that it may be on some record.

        Raises:
            AccessDeniedError: it is not, with the reason that a rule gives. An answer of 403.
        """
        if isinstance(record, type):
            if not self.may(action, record):
                reasons = (rule.reason for rule in self.rules(action, record))
                raise AccessDeniedError(action, record.__name__, next(filter(None, reasons), None))
            return
        from velocious.authorization import judging

        _demand_record(record, "authorize")
        if not await judging.allows(self, action, record):
            reason = await judging.reason(self, action, record)
            raise AccessDeniedError(action, type(record).__name__, reason, record)

    def fields(self, action: str, model: type[Record]) -> Fields | None:
        """The attributes for which *action* is allowed of every record that is allowed at all; None
        for all of them.

        ``"read"``, ``"create"`` and ``"update"`` say what may be read and written. ``"filter"``
        says by what may be searched and sorted: what may be read of every record, but for the
        fields that rules about ``"filter"`` itself exclude.
        """
        if action != "filter":
            return field_rules.of_every_record(self.rules(action, model), model)
        readable = field_rules.of_every_record(self.rules("read", model), model)
        own = [rule for rule in self.rules("filter", model) if "filter" in rule.actions]
        if not own:
            return readable
        if not any(rule.allows for rule in own):
            own.append(Rule(True, "filter", model, (), {}))
        return field_rules.both(readable, field_rules.of_every_record(own, model))

    async def fields_of(self, action: str, record: Record) -> Fields | None:
        """The attributes of *record* for which *action* is allowed; None for all of them."""
        from velocious.authorization import judging

        _demand_record(record, "fields_of")
        model = type(record)
        rules = self.rules(action, model)
        if all(rule.is_unconditional for rule in rules):
            return field_rules.of_matching(rules, model)
        matching = [rule for rule in rules if await judging.fulfils(record, rule)]
        return field_rules.of_matching(matching, model)

    def predicate(self, action: str, model: type[Record]) -> Permitted | None:
        """What records of *model* fulfil on which *action* is allowed; None where all of them are.

        One condition of a query, without joins.
        """
        key = action, model
        if key not in self._predicates:
            rules = self.rules(action, model)
            self._predicates[key] = predicate(rules)
        return self._predicates[key]

    def __repr__(self) -> str:
        return f"<Ability of {self.user!r}>"


def _demand_record(record: Any, method: str) -> None:
    if isinstance(record, type) or not hasattr(record, "_definition"):
        raise RuleError(
            f"{method} takes a record, not {record!r}. To ask whether an action may be allowed on "
            'some record of a model, write ability.may("create", Task).'
        )
