"""What a password must be: there, long enough, not endless, and typed the same twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from velocious.errors import AttributeNotSelectedError
from velocious.record.user.plain_text import encoded
from velocious.record.validations.confirmation import ConfirmationValidator
from velocious.record.validations.validator import Validator, is_blank

if TYPE_CHECKING:
    from velocious.record.record import Record
    from velocious.record.user.password import PasswordDeclaration


class PasswordConfirmation(ConfirmationValidator):
    """``<password>_confirmation``, where one was given with a new password, is the same."""

    def virtual_attributes(self) -> tuple[str, ...]:
        return ()


class PasswordValidator(Validator):
    """The limits of a password, which are looked at when it is assigned."""

    options: ClassVar[tuple[str, ...]] = ("declaration",)

    def configure(self, declaration: PasswordDeclaration) -> None:
        self.declaration = declaration

    def check(self, record: Record, attribute: str, value: Any) -> None:
        declared = self.declaration
        if value is None:
            if declared.required and not _has_digest(record, declared.column):
                self.report(record, attribute, "blank")
        elif not isinstance(value, str):
            self.report(record, attribute, "invalid")
        elif len(value) < declared.minimum:
            self.report(record, attribute, "too_short", count=declared.minimum)
        elif encoded(value, declared.maximum) is None:
            long = len(value.encode("utf-8", "replace")) > declared.maximum
            code = "too_many_bytes" if long else "invalid"
            self.report(record, attribute, code, count=declared.maximum)


def _has_digest(record: Record, column: str) -> bool:
    try:
        return not is_blank(record.read(column))
    except AttributeNotSelectedError:
        # Nobody assigned one either: what is stored stays.
        return True
