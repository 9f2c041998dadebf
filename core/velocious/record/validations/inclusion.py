"""``inclusion={"in": […]}`` and ``exclusion={"in": […]}``: which values there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from velocious.errors import ConfigurationError
from velocious.record.validations.operand import operand
from velocious.record.validations.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Container

    from velocious.record.record import Record


class InclusionValidator(Validator):
    """The value is one of ``in``: a list, a range, or the name or function that gives one."""

    options: ClassVar[tuple[str, ...]] = ("in",)
    code: ClassVar[str] = "inclusion"

    def configure(self, **options: Any) -> None:
        among = options.get("in")
        if among is None or not (
            isinstance(among, str) or callable(among) or hasattr(among, "__contains__")
        ):
            raise ConfigurationError(
                f"The {self.code} of {self.attributes} has no values to compare with: give them, "
                f'{self.code}={{"in": ["open", "done"]}}, or a method that does.'
            )
        self.among: Any = among

    def check(self, record: Record, attribute: str, value: Any) -> None:
        among: Container[Any] = operand(record, self.among)
        if not self.fits(_contains(among, value)):
            self.report(record, attribute, self.code, value=value)

    def fits(self, found: bool) -> bool:
        """Whether a value that was *found* (or not) is right."""
        return found


class ExclusionValidator(InclusionValidator):
    """The value is none of ``in``."""

    code: ClassVar[str] = "exclusion"

    def fits(self, found: bool) -> bool:
        return not found


def _contains(among: Any, value: Any) -> bool:
    if isinstance(among, set | frozenset | dict):
        # A value without a hash is in no set, and no reason to stop.
        return any(value == member for member in cast("set[Any]", among))
    return value in among
