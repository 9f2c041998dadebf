"""``has_many``: other records' rows hold the owner's key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from velocious.errors import RecordError
from velocious.record.relationships.base import Built
from velocious.record.relationships.collection import Collection
from velocious.record.relationships.keyed import HasKeyed
from velocious.record.state import NEW

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self, Unpack

    from velocious.record.record import Record
    from velocious.record.relationships.base import RelationshipScope
    from velocious.record.relationships.keyed import KeyedOptions


class HasMany[T: Record](HasKeyed[T]):
    """The records whose keys point at this one."""

    many = True

    @overload
    def __get__(self, record: None, owner: type[Record]) -> Self: ...

    @overload
    def __get__(self, record: Record, owner: type[Record]) -> Collection[T]: ...

    def __get__(self, record: Record | None, owner: type[Record]) -> Any:
        return self if record is None else Collection(record, self)

    def __set__(self, record: Record, value: Iterable[T]) -> None:
        if record._state != NEW:
            raise RecordError(
                f"{type(record).__name__}.{self.name} cannot be replaced as a whole once the "
                "record is stored. "
                f"Use .{self.name}.create(…), and destroy what should go."
            )
        self.put(record, [self.taken(record, one) for one in value])

    def add(self, record: Record, one: Record) -> None:
        """Put *one* among the records of *record*, loaded or not, to be saved with it."""
        if record._state != NEW and not self.loaded(record):
            self.put(record, Built([*self.built(record), one]))
        else:
            self.value(record).append(one)


def has_many(
    target: str | type[Record],
    scope: RelationshipScope | None = None,
    **options: Unpack[KeyedOptions],
) -> HasMany[Any]:
    """The *target* records whose rows hold the owner's key::

    tasks = has_many("Task", dependent="destroy")              # tasks.project_id → projects.id
    open_tasks = has_many("Task", lambda tasks: tasks.where(done=False))
    comments = has_many("Comment", as_="subject")              # comments.subject_type, _id
    users = has_many("User", through="memberships")            # by memberships.user

    Options: :class:`~velocious.record.relationships.keyed.KeyedOptions`.

    Raises:
        ConfigurationError: for options that do not go together.
    """
    return HasMany(target, scope, **options)
