"""``length={"maximum": 200}``: how long a text or list may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from velocious.errors import ConfigurationError
from velocious.record.validations.validator import Validator

if TYPE_CHECKING:
    from velocious.record.record import Record


class LengthValidator(Validator):
    """Between ``minimum`` and ``maximum`` characters (or members), or exactly ``exactly``. None has
    length 0.
    """

    options: ClassVar[tuple[str, ...]] = ("minimum", "maximum", "exactly")

    def configure(
        self, minimum: int | None = None, maximum: int | None = None, exactly: int | None = None
    ) -> None:
        if minimum is None and maximum is None and exactly is None:
            raise ConfigurationError(
                f"The length of {self.attributes} has no bound. Give minimum, maximum or exactly."
            )
        self.minimum = minimum
        self.maximum = maximum
        self.exactly = exactly

    def check(self, record: Record, attribute: str, value: Any) -> None:
        length = 0 if value is None else len(value if hasattr(value, "__len__") else str(value))
        if self.exactly is not None and length != self.exactly:
            self.report(record, attribute, "wrong_length", count=self.exactly)
        if self.minimum is not None and length < self.minimum:
            self.report(record, attribute, "too_short", count=self.minimum)
        if self.maximum is not None and length > self.maximum:
            self.report(record, attribute, "too_long", count=self.maximum)
