"""``comparison={"greater_than": "starts_on"}``: how a value stands to another one."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, ClassVar

from velocious.errors import ConfigurationError
from velocious.record.validations.operand import operand
from velocious.record.validations.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.record.record import Record

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "greater_than": operator.gt,
    "greater_than_or_equal_to": operator.ge,
    "equal_to": operator.eq,
    "less_than": operator.lt,
    "less_than_or_equal_to": operator.le,
    "other_than": operator.ne,
}


class ComparisonValidator(Validator):
    """The value stands as told to others: values, names of attributes, or functions of the record.

    Nothing is compared with None: a value that must be there is a matter of presence.
    """

    options: ClassVar[tuple[str, ...]] = tuple(COMPARISONS)

    def configure(self, **options: Any) -> None:
        if not options:
            raise ConfigurationError(
                f"The comparison of {self.attributes} compares with nothing. Give one of "
                f"{', '.join(COMPARISONS)}."
            )
        self.comparisons = options

    def check(self, record: Record, attribute: str, value: Any) -> None:
        if value is None:
            return
        for name, given in self.comparisons.items():
            other = operand(record, given)
            if other is not None and not _holds(name, value, other):
                self.report(record, attribute, name, count=other, value=value)


def _holds(name: str, value: Any, other: Any) -> bool:
    try:
        return COMPARISONS[name](value, other)
    except TypeError:
        # What cannot be ordered is in no order.
        return False
