"""What somebody may not do, and questions about that which nobody can answer."""

from __future__ import annotations

from typing import Any

from velocious.errors.base import VelociousError
from velocious.errors.request import RequestError


class AccessDeniedError(RequestError):
    """Somebody wanted what their ability does not allow. Safe to show: it names the action and the
    model, or says the reason that a rule gives.

    Attributes:
        action: what they wanted to do.
        model: the name of the model.
        reason: what the rule says that decided it; None where it says nothing.
        record: the record, where it was about one.
    """

    code = "access_denied"
    status = 403

    def __init__(
        self, action: str, model: str, reason: str | None = None, record: object = None
    ) -> None:
        self.action = action
        self.model = model
        self.reason = reason
        self.record = record
        super().__init__(reason or f"You may not {action} this {model}.")

    def to_data(self) -> dict[str, Any]:
        return {**super().to_data(), "action": self.action, "model": self.model}


class AbilityNotSetError(VelociousError):
    """Something asked what the current user may do, and nobody has said who that is."""

    code = "ability_not_set"

    def __init__(self, wanted_by: str) -> None:
        self.wanted_by = wanted_by
        super().__init__(
            f"{wanted_by} asks for the current ability, and there is none. Give one "
            "(`Task.accessible(ability)`), work inside `with Current.with_ability(ability):`, or "
            "say whose a request is: Configuration(ability_resolver=…). Somebody who is not signed "
            "in has an ability, too: Ability(user=None)."
        )


class RuleError(VelociousError):
    """A rule that an ability cannot follow."""

    code = "rule_error"
