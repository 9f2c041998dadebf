"""Conditions on a ``belongs_to`` take the record itself: ``where(project=apollo)``."""

from __future__ import annotations

from typing import Any

from velocious.errors import UnsupportedValueError
from velocious.sql.types import ColumnType


class RecordKey(ColumnType):
    """The type of a foreign key that is compared with records, or with their keys."""

    def __init__(self, key_type: ColumnType, relationship: Any) -> None:
        self.key_type = key_type.sought
        # As the key's own: the dialect asks for it.
        vars(self)["storage"] = self.key_type.storage
        self.relationship = relationship

    def encode(self, value: Any) -> Any:
        if hasattr(value, "_definition"):
            value = self._key_of(value)
        return self.key_type.encode(value)

    def _key_of(self, record: Any) -> Any:
        name, target = self.relationship.name, self.relationship.target()
        if not isinstance(record, target):
            raise UnsupportedValueError(
                f"{name} is compared with a {target.__name__} or its key, not with {record!r}."
            )
        key = record.read(self.relationship.target_column())
        if key is None:
            raise UnsupportedValueError(
                f"{record!r} cannot be searched for by {name}: it has no key before it is saved. "
                f"For rows without one, write {name}=None."
            )
        return key
