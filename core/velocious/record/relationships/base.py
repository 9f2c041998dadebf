"""What the relationships have in common: two columns that point at each other, a target class, a
scope.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious import current
from velocious.errors import ConfigurationError, RelationshipNotLoadedError
from velocious.query.query import Query
from velocious.record.relationships import preloader
from velocious.record.state import NEW

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from velocious.query.sight import Sight
    from velocious.record.record import Record

type RelationshipScope = Callable[[Query[Any]], Query[Any]]


class Built(list[Any]):
    """New records of a has_many that has not been loaded: saved with the owner, kept by a load."""


_NOTHING = Built()


class Relationship[T]:
    """A relationship of a model.

    Attributes:
        holds_key: whether the owner's row holds the foreign key.
        many: whether its value is a list.
        holds_files: whether its records are the rows of attached files.
        dependent: what happens to the other side when the owner is destroyed.
        cohort: whether an awaited load serves the other records of the owner's result, too.
    """

    holds_key = False
    many = False
    polymorphic = False
    holds_files = False
    through: str | None = None
    source: str | None = None
    as_: str | None = None
    name: str
    owner: type[Record]

    def __init__(
        self,
        target: str | type[Record],
        scope: RelationshipScope | None = None,
        *,
        foreign_key: str | None = None,
        primary_key: str | None = None,
        inverse_of: str | None = None,
        dependent: str | None = None,
        cohort: bool = True,
    ) -> None:
        self._target = target
        self._scope = scope
        self._foreign_key = foreign_key
        self._primary_key = primary_key
        self._inverse_of = inverse_of
        self.cohort = cohort
        self.dependent = _known_dependent(dependent)

    def __set_name__(self, owner: type[Record], name: str) -> None:
        self.name = name
        self.owner = owner

    # Classes and columns

    def target(self) -> type[Record]:
        """The class on the other side. Raises UnknownModelError with close matches."""
        if not isinstance(self._target, str):
            return self._target
        return current.configuration().models.find(self._target, wanted_by=self.owner)

    def owner_column(self) -> str:
        """The owner's column that :meth:`target_column` is compared with."""
        raise NotImplementedError

    def target_column(self) -> str:
        """The target's column that :meth:`owner_column` is compared with."""
        raise NotImplementedError

    def key_columns(self) -> tuple[str, ...]:
        """The columns of the side that holds the key."""
        return (self.owner_column(),)

    def target_column_of(self, record: Record) -> str:
        """:meth:`target_column`, where *record* is on the other side."""
        return self.target_column()

    def leads_to(self, record: Record, loaded: Record) -> bool:
        """Whether the key of *record* points at *loaded*."""
        return bool(loaded.read(self.target_column()) == record.read(self.owner_column()))

    def type_filter(self) -> tuple[str, str] | None:
        """The target's column that has to name the owner's model, and that name."""
        return None

    def query(self) -> Query[Any]:
        """The records that any owner could have, as the scope narrows and sorts them."""
        return self.scope_query()

    def query_of(self, record: Record) -> Query[Any]:
        """The records of *record* as a query."""
        return self.query().where({self.target_column(): record.read(self.owner_column())})

    def limited(self) -> bool:
        """Whether the scope limits the rows, which is meant for each owner."""
        if self._scope is None:
            return False
        query = self.query()
        return query._limit is not None or query._offset is not None

    async def fetch(
        self, owners: Sequence[Record], sight: Sight | None = None
    ) -> list[list[Record]]:
        """What each of *owners* has on the other side, as far as *sight* goes."""
        return await preloader.fetch_by_column(self, owners, sight)

    def reached(self, targets: Sequence[Record]) -> dict[type[Record], Sequence[Record]]:
        """The loaded *targets* by the model whose relationships they have."""
        return {self.target(): targets}

    @property
    def scoped(self) -> bool:
        """Whether a scope narrows the records, which may give another answer every time."""
        return self._scope is not None

    def scope_query(self) -> Query[Any]:
        """The target's records as the scope narrows them, whoever owns them."""
        query = Query(self.target())
        return query if self._scope is None else self._scope(query)

    def inverse(self) -> str | None:
        """The relationship on the other side that leads back, given or found by its columns."""
        if self._inverse_of is not None:
            return self._inverse_of
        for name, other in self.target()._definition.relationships.items():
            if self._mirrors(other):
                return name
        return None

    def _mirrors(self, other: Relationship[Any]) -> bool:
        return (
            other.holds_key != self.holds_key
            and not (other.polymorphic or other.through or other.as_)
            and other._scope is None
            and other.owner_column() == self.target_column()
            and other.target_column() == self.owner_column()
            and issubclass(self.owner, other.target())
        )

    # Values on records

    def loaded(self, record: Record) -> bool:
        """Whether *record* has this relationship's value at hand."""
        related = record._related
        return related is not None and type(related.get(self.name, _NOTHING)) is not Built

    def value(self, record: Record) -> Any:
        """The loaded value. Raises RelationshipNotLoadedError; a new record has nothing yet."""
        related = record._related
        if related is not None and type(related.get(self.name, _NOTHING)) is not Built:
            return related[self.name]
        if record._state == NEW:
            return self.empty(record)
        raise RelationshipNotLoadedError(type(record).__name__, self.name)

    def empty(self, record: Record) -> Any:
        """The value without records; a new list is kept, so that records can be added to it."""
        return self.put(record, []) if self.many else None

    def put(self, record: Record, value: Any) -> Any:
        """Remember *value* as loaded."""
        if record._related is None:
            record._related = {}
        record._related[self.name] = value
        return value

    def present_value(self, record: Record) -> Any:
        """What says whether there is something: the loaded value, or the key where it is here.

        Raises:
            AttributeNotSelectedError: nobody assigned it, so that what is stored stays.
        """
        if self.loaded(record) or not self.holds_key:
            return getattr(record, self.name)
        return record.read(self.owner_column())

    def built(self, record: Record) -> list[Record]:
        """The new records in the value of a has_many, loaded or not."""
        value: list[Record] = (record._related or {}).get(self.name) or []
        return [one for one in value if one._state == NEW]

    def unload(self, record: Record) -> None:
        """Forget the loaded value; new records of a has_many stay, for the owner's next save."""
        related = record._related
        if related is not None and self.name in related:
            built = self.built(record) if self.many else []
            if built:
                related[self.name] = Built(built)
            else:
                del related[self.name]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.owner.__name__}.{self.name}>"


DEPENDENT = ("destroy", "delete", "nullify", "restrict")


def _known_dependent(given: str | None) -> str | None:
    if given is not None and given not in DEPENDENT:
        raise ConfigurationError(
            f"dependent={given!r} is unknown. It is one of {', '.join(DEPENDENT)}."
        )
    return given
