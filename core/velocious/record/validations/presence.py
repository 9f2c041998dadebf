"""``presence=True``: there is a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import AttributeNotSelectedError
from velocious.record.validations.validator import Validator, is_blank

if TYPE_CHECKING:
    from velocious.record.record import Record


class PresenceValidator(Validator):
    """The attribute is not blank; 0 and False are present. A belongs_to is present with its record
    or its key, an attachment with its file.
    """

    def check(self, record: Record, attribute: str, value: Any) -> None:
        if is_blank(value):
            self.report(record, attribute, "blank")

    def validate(self, record: Record) -> None:
        for attribute in self.attributes:
            try:
                value = self._value(record, attribute)
            except AttributeNotSelectedError:
                # Nobody assigned it either: what is stored stays.
                continue
            self.check(record, attribute, value)

    def _value(self, record: Record, attribute: str) -> Any:
        relationship = type(record)._definition.relationships.get(attribute)
        if relationship is None:
            return getattr(record, attribute)
        return relationship.present_value(record)
