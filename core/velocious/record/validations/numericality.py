"""``numericality={"only_integer": True, "greater_than": 0}``: what a number is like."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar

from velocious.errors import ConfigurationError
from velocious.record.validations.comparison import COMPARISONS
from velocious.record.validations.operand import operand
from velocious.record.validations.validator import Validator

if TYPE_CHECKING:
    from velocious.record.record import Record

LONGEST_NUMBER = 400


class NumericalityValidator(Validator):
    """The value is a finite number, or text that reads as one, and as the options tell."""

    options: ClassVar[tuple[str, ...]] = ("only_integer", "odd", "even", "in", *COMPARISONS)

    def configure(
        self,
        only_integer: bool = False,
        odd: bool = False,
        even: bool = False,
        **comparisons: Any,
    ) -> None:
        if odd and even:
            raise ConfigurationError(f"No number of {self.attributes} is odd and even: choose one.")
        self.only_integer = only_integer
        self.parity = 1 if odd else 0 if even else None
        self.range: Any = comparisons.pop("in", None)
        self.comparisons = comparisons

    def check(self, record: Record, attribute: str, value: Any) -> None:
        number = _number(value)
        if number is None:
            self.report(record, attribute, "not_a_number", value=value)
        elif self.only_integer and number != number.to_integral_value():
            self.report(record, attribute, "not_an_integer", value=value)
        else:
            self._compare(record, attribute, value, number)

    def _compare(self, record: Record, attribute: str, value: Any, number: Decimal) -> None:
        if self.parity is not None and number % 2 != self.parity and number % 2 != -self.parity:
            self.report(record, attribute, "odd" if self.parity else "even", value=value)
        if self.range is not None and number not in operand(record, self.range):
            self.report(record, attribute, "inclusion", value=value)
        for name, given in self.comparisons.items():
            other = _number(operand(record, given))
            if other is not None and not COMPARISONS[name](number, other):
                self.report(record, attribute, name, count=other, value=value)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    text = str(value).strip()
    # Python reads "1_000" and digits of other scripts, a form's reader does not.
    if len(text) > LONGEST_NUMBER or "_" in text or not text.isascii():
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    fits = number.is_finite() and abs(number.adjusted()) <= LONGEST_NUMBER
    return number if fits else None
