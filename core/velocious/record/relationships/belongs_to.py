"""``belongs_to``: the owner's row holds the key of one other record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from velocious.errors import ConfigurationError, RelationshipNotLoadedError, UnsupportedValueError
from velocious.naming import pluralize, underscore
from velocious.record.relationships.base import Relationship
from velocious.record.state import NEW

if TYPE_CHECKING:
    from typing import Self

    from velocious.record.record import Record
    from velocious.record.relationships.base import RelationshipScope


class BelongsTo[T](Relationship[T]):
    """One record that this one's key points at."""

    holds_key = True

    def __init__(
        self,
        *given: Any,
        counter_cache: bool | str = False,
        touch: bool | str = False,
        **options: Any,
    ) -> None:
        super().__init__(*given, **options)
        self.counter_cache = counter_cache
        self.touch = touch

    def counter_column(self) -> str | None:
        """The target's column that counts the owners, if there is one."""
        if self.counter_cache is True:
            return f"{pluralize(underscore(self.owner.__name__))}_count"
        return self.counter_cache or None

    def model_for(self, *types: str) -> type[Record]:
        """The model that the owner's row points at; a polymorphic one gets the type it holds."""
        return self.target()

    def target_column_in(self, model: type[Record]) -> str:
        """The column of *model* that the key is compared with."""
        return self.target_column()

    def owner_column(self) -> str:
        return self._foreign_key or f"{self.name}_id"

    def target_column(self) -> str:
        return self._primary_key or self.target()._definition.key_name

    @overload
    def __get__(self, record: None, owner: type[Record]) -> Self: ...

    @overload
    def __get__(self, record: Record, owner: type[Record]) -> T: ...

    def __get__(self, record: Record | None, owner: type[Record]) -> Any:
        if record is None:
            return self
        if self.loaded(record):
            return self.value(record)
        if record.read(self.owner_column()) is None:
            return None
        raise RelationshipNotLoadedError(type(record).__name__, self.name)

    def __set__(self, record: Record, value: T) -> None:
        if value is not None and not isinstance(value, self.target()):
            raise UnsupportedValueError(
                f"{type(record).__name__}.{self.name} takes a {self.target().__name__} or None, "
                f"not {value!r}. "
                f"To set the key, assign {self.owner_column()}.",
                value=value,
            )
        key = None if value is None or value._state == NEW else value.read(self.target_column())
        record.write(self.owner_column(), key)
        self.put(record, value)


def belongs_to(
    target: str | type[Record] | None = None,
    scope: RelationshipScope | None = None,
    *,
    polymorphic: bool = False,
    foreign_key: str | None = None,
    primary_key: str | None = None,
    inverse_of: str | None = None,
    cohort: bool = True,
    counter_cache: bool | str = False,
    touch: bool | str = False,
) -> BelongsTo[Any]:
    """The owner's row holds the key of one *target*::

    project = belongs_to("Project")                            # tasks.project_id → projects.id
    author = belongs_to("User", foreign_key="written_by")
    subject = belongs_to(polymorphic=True)                     # subject_type and subject_id
    project = belongs_to("Project", counter_cache=True, touch=True)  # projects.tasks_count
    """
    if polymorphic:
        from velocious.record.relationships.polymorphic import PolymorphicBelongsTo as Kind
    else:
        Kind = BelongsTo
    if (target is None) is not polymorphic:
        raise ConfigurationError(
            'belongs_to takes either the model it points at, belongs_to("Project"), or '
            f"polymorphic=True for any model, not {target!r} with polymorphic={polymorphic!r}."
        )
    return Kind(
        target or "",
        scope,
        foreign_key=foreign_key,
        primary_key=primary_key,
        inverse_of=inverse_of,
        cohort=cohort,
        counter_cache=counter_cache,
        touch=touch,
    )
