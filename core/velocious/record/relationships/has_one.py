"""``has_one``: one other record's row holds the owner's key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from velocious.errors import UnsupportedValueError
from velocious.naming import underscore
from velocious.record.relationships.base import Relationship
from velocious.record.state import NEW

if TYPE_CHECKING:
    from typing import Self

    from velocious.record.record import Record
    from velocious.record.relationships.base import RelationshipScope


class HasKeyed[T](Relationship[T]):
    """Relationships whose key is on the other side."""

    def owner_column(self) -> str:
        return self._primary_key or self.owner._definition.key_name

    def target_column(self) -> str:
        return self._foreign_key or f"{underscore(self.owner.__name__)}_id"

    def taken(self, record: Record, value: Any) -> Any:
        """*value*, pointed at *record*. Raises UnsupportedValueError for another class."""
        if not isinstance(value, self.target()):
            raise UnsupportedValueError(
                f"{type(record).__name__}.{self.name} takes {self.target().__name__} records, not "
                f"{value!r}."
            )
        key = None if record._state == NEW else record.read(self.owner_column())
        value.write(self.target_column(), key)
        inverse = self.inverse()
        if inverse is not None:
            value._definition.relationships[inverse].put(value, record)
        return value


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
    *,
    foreign_key: str | None = None,
    primary_key: str | None = None,
    inverse_of: str | None = None,
    dependent: str | None = None,
) -> HasOne[Any]:
    """One *target* whose row holds the owner's key::

    settings = has_one("Settings", dependent="destroy")        # settings.user_id → users.id
    """
    return HasOne(
        target,
        scope,
        foreign_key=foreign_key,
        primary_key=primary_key,
        inverse_of=inverse_of,
        dependent=dependent,
    )
