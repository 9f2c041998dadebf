"""``has_one``: one other record's row holds the owner's key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from velocious.errors import UnsupportedValueError
from velocious.record.relationships.keyed import HasKeyed
from velocious.record.state import NEW

if TYPE_CHECKING:
    from typing import Self, Unpack

    from velocious.record.record import Record
    from velocious.record.relationships.base import RelationshipScope
    from velocious.record.relationships.keyed import KeyedOptions


class HasOne[T](HasKeyed[T]):
    """One record whose key points at this one."""

    @overload
    def __get__(self, record: None, owner: type[Record]) -> Self: ...

    @overload
    def __get__(self, record: Record, owner: type[Record]) -> T | None: ...

    def __get__(self, record: Record | None, owner: type[Record]) -> Any:
        return self if record is None else self.value(record)

    def __set__(self, record: Record, value: T | None) -> None:
        if value is None and record._state != NEW:
            raise UnsupportedValueError(
                f"{type(record).__name__}.{self.name} cannot be set to None: the row on the other "
                f"side holds the key. Destroy that record, or set its {self.target_column()} to "
                "None and save it."
            )
        self.put(record, None if value is None else self.taken(record, value))


def has_one(
    target: str | type[Record],
    scope: RelationshipScope | None = None,
    **options: Unpack[KeyedOptions],
) -> HasOne[Any]:
    """One *target* whose row holds the owner's key::

    settings = has_one("Settings", dependent="destroy")        # settings.user_id → users.id

    Options: :class:`~velocious.record.relationships.keyed.KeyedOptions`.

    Raises:
        ConfigurationError: for options that do not go together.
    """
    return HasOne(target, scope, **options)
