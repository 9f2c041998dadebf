"""``confirmation=True``: typed the same twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from velocious.record.validations.validator import Validator

if TYPE_CHECKING:
    from velocious.record.record import Record


class ConfirmationValidator(Validator):
    """``<attribute>_confirmation``, a virtual attribute of its own, has the same value.

    None means that nobody was asked: a presence of ``<attribute>_confirmation`` demands it. The
    error is on the confirmation, where it was mistyped.
    """

    options: ClassVar[tuple[str, ...]] = ("case_sensitive",)

    def configure(self, case_sensitive: bool = True) -> None:
        self.case_sensitive = case_sensitive

    def virtual_attributes(self) -> tuple[str, ...]:
        return tuple(f"{attribute}_confirmation" for attribute in self.attributes)

    def check(self, record: Record, attribute: str, value: Any) -> None:
        confirmed = getattr(record, f"{attribute}_confirmation")
        if confirmed is not None and self._folded(confirmed) != self._folded(value):
            self.report(record, f"{attribute}_confirmation", "confirmation", confirmed=attribute)

    def _folded(self, value: Any) -> Any:
        return value.casefold() if isinstance(value, str) and not self.case_sensitive else value
