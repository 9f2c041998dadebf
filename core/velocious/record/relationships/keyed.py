"""Relationships whose key is on the other side: what ``has_many`` and ``has_one`` share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from velocious.errors import ConfigurationError, UnsupportedValueError
from velocious.naming import underscore
from velocious.query.query import Query
from velocious.record.relationships.base import Relationship
from velocious.record.relationships.type_name import type_name
from velocious.record.state import NEW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.query.sight import Sight
    from velocious.record.record import Record


class KeyedOptions(TypedDict, total=False):
    """What ``has_many`` and ``has_one`` may be given.

    Attributes:
        foreign_key: the target's column that holds the key; ``project_id`` for a Project.
        primary_key: the owner's column that it points at; the primary key, if it is not given.
        inverse_of: the target's ``belongs_to`` that leads back, where its name does not tell.
        dependent: what happens to the records when the owner is destroyed.
        cohort: whether an awaited load serves the other records of the owner's result, too (True).
        as_: the target's polymorphic ``belongs_to`` that points here.
        through: the owner's relationship to rows in between.
        source: the relationship of those rows to the target, where its name does not tell.
    """

    foreign_key: str | None
    primary_key: str | None
    inverse_of: str | None
    dependent: str | None
    cohort: bool
    as_: str | None
    through: str | None
    source: str | None


def through_steps() -> Any:
    """What leads over other rows; imported when a model has such a relationship."""
    from velocious.record.relationships import through

    return through


class HasKeyed[T](Relationship[T]):
    """Relationships whose key is on the other side."""

    def __init__(
        self,
        *given: Any,
        as_: str | None = None,
        through: str | None = None,
        source: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*given, **options)
        self.as_ = as_
        self.through = through
        self.source = source
        if through is not None and self.dependent is not None:
            raise ConfigurationError(
                f"dependent={self.dependent!r} does not go with through={through!r}: say what "
                f"happens to the rows in between where {through!r} is declared."
            )

    def owner_column(self) -> str:
        return self._primary_key or self.owner._definition.key_name

    def target_column(self) -> str:
        if self.as_ is not None:
            return self._foreign_key or f"{self.as_}_id"
        return self._foreign_key or f"{underscore(self.owner.__name__)}_id"

    def type_filter(self) -> tuple[str, str] | None:
        return None if self.as_ is None else (f"{self.as_}_type", type_name(self.owner))

    def query(self) -> Query[Any]:
        if self.as_ is None:
            return super().query()
        query = Query(self.target()).where({f"{self.as_}_type": type_name(self.owner)})
        return query if self._scope is None else self._scope(query)

    def query_of(self, record: Record) -> Query[Any]:
        if self.through is not None:
            return through_steps().query_of(record, self)
        return super().query_of(record)

    async def fetch(
        self, owners: Sequence[Record], sight: Sight | None = None
    ) -> list[list[Record]]:
        if self.through is not None:
            return await through_steps().fetch(owners, self, sight)
        return await super().fetch(owners, sight)

    def first_step(self) -> Relationship[Any]:
        """Of a ``through``: the owner's relationship to the rows in between."""
        return through_steps().first_step(self)

    def second_step(self) -> Relationship[Any]:
        """Of a ``through``: the relationship of the rows in between to the records."""
        return through_steps().second_step(self)

    def inverse(self) -> str | None:
        if self.through is not None:
            return None
        if self.as_ is not None:
            return self.as_ if self.as_ in self.target()._definition.relationships else None
        return super().inverse()

    def taken(self, record: Record, value: Any) -> Any:
        """*value*, pointed at *record*. Raises UnsupportedValueError for another class."""
        if not isinstance(value, self.target()):
            raise UnsupportedValueError(
                f"{type(record).__name__}.{self.name} takes {self.target().__name__} records, not "
                f"{value!r}.",
                value=value,
            )
        if self.through is not None:
            raise through_steps().read_only(type(record), self)
        self.take(record, value)
        return value

    def take(self, record: Record, value: Record) -> None:
        """Point *value* at *record*."""
        key = None if record._state == NEW else record.read(self.owner_column())
        if self.as_ is not None:
            value.write(f"{self.as_}_type", type_name(self.owner))
        value.write(self.target_column(), key)
        inverse = self.inverse()
        if inverse is not None:
            type(value)._definition.relationships[inverse].put(value, record)
