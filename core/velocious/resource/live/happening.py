"""``Happening``: what happened to one record, on its way from the process where it did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.record.state import DESTROYED
from velocious.wire import decode, encode

if TYPE_CHECKING:
    from velocious.record.record import Record

#: Characters of text that travel; what is longer cannot be judged by, and says so.
LONGEST = 4000
#: All of it, as text: far below what a publication may hold.
LARGEST = 32 * 1024


class Happening:
    """A record was created, updated or destroyed.

    Attributes:
        action: ``"create"``, ``"update"`` or ``"destroy"``.
        key: of the record.
        before: what the row was like, by attribute; None where there was none, or where it is too
            large to travel.
        is_partial: whether *before* is too large.
    """

    __slots__ = ("action", "before", "is_partial", "key")

    def __init__(
        self, action: str, key: Any, before: dict[str, Any] | None, *, is_partial: bool = False
    ) -> None:
        self.action = action
        self.key = key
        self.before = before
        self.is_partial = is_partial

    @classmethod
    def of(cls, action: str, record: Record) -> Happening:
        """What has just happened to *record*. Its secrets and bytes stay here."""
        key = record.primary_key_value()
        if action == "create":
            return cls(action, key, None)
        definition = type(record)._definition
        attributes = definition.schema_or_fail().attributes
        changed = record.saved_changes() if action == "update" else {}
        before: dict[str, Any] = {}
        for name, one in attributes.items():
            if name in definition.secrets or one.kind == "binary":
                continue
            before[name] = changed[name][0] if name in changed else record.read(name)
        long = any(isinstance(one, str) and len(one) > LONGEST for one in before.values())
        return cls(action, key, None if long else before, is_partial=long)

    def to_text(self) -> str:
        """It, for :meth:`from_text`."""
        data = {"action": self.action, "key": self.key, "before": self.before}
        text = encode({**data, "partial": self.is_partial}, exact=True)
        if len(text) > LARGEST:
            data["before"] = None
            text = encode({**data, "partial": True}, exact=True)
        return text

    @classmethod
    def from_text(cls, text: str) -> Happening:
        data = decode(text)
        return cls(data["action"], data["key"], data["before"], is_partial=data["partial"])

    def record_before(self, model: type[Record]) -> Record | None:
        """The record as it was, to be judged; None where that is not known."""
        if self.before is None:
            return None
        record = model()
        known = model._definition.schema_or_fail().attributes
        for name, value in self.before.items():
            if name in known:
                record.write(name, value)
        record._state = DESTROYED
        return record
