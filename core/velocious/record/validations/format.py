"""``format={"with": r"…"}``: what a text looks like."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from velocious.errors import ConfigurationError
from velocious.record.validations.validator import Validator

if TYPE_CHECKING:
    from velocious.record.record import Record


class FormatValidator(Validator):
    """The pattern ``with`` is found in the text, or ``without`` is not."""

    options: ClassVar[tuple[str, ...]] = ("with", "without")

    def configure(self, **options: Any) -> None:
        if len(options) != 1:
            raise ConfigurationError(
                f"The format of {self.attributes} takes exactly one of 'with' and 'without': "
                r'format={"with": r"\A[a-z]+\Z"}.'
            )
        ((kind, pattern),) = options.items()
        self.pattern: re.Pattern[str] = re.compile(pattern)
        self.wanted = kind == "with"

    def check(self, record: Record, attribute: str, value: Any) -> None:
        found = self.pattern.search("" if value is None else str(value)) is not None
        if found != self.wanted:
            self.report(record, attribute, "invalid")
