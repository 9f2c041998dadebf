"""``acceptance=True``: a box that has to be ticked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from velocious.record.validations.validator import Validator

if TYPE_CHECKING:
    from velocious.record.record import Record

ACCEPTED = (True, "1", "true", "on", "yes")


class AcceptanceValidator(Validator):
    """The attribute, a virtual one unless the table has its column, is True or what a ticked box
    sends (``accept`` says otherwise). None means that nobody was asked.
    """

    options: ClassVar[tuple[str, ...]] = ("accept",)

    def configure(self, accept: Any = ACCEPTED) -> None:
        self.accepted: tuple[Any, ...] = (
            tuple(cast("list[Any]", accept)) if isinstance(accept, list | tuple) else (accept,)
        )

    def virtual_attributes(self) -> tuple[str, ...]:
        return self.attributes

    def check(self, record: Record, attribute: str, value: Any) -> None:
        if value is not None and value not in self.accepted:
            self.report(record, attribute, "accepted")
