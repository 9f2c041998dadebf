"""``project.tasks``: the records of a ``has_many``, loaded or as a query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import RecordNotPersistedError
from velocious.record.relationships.keyed import through_steps
from velocious.record.state import NEW

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping

    from velocious.query.query import Query
    from velocious.query.query import Query as Answers
    from velocious.record.record import Record
    from velocious.record.relationships.has_many import HasMany
else:

    class Answers[T]:
        __slots__ = ()


class Collection[T: Record](Answers[T]):
    """The records of one owner. Looping and ``len`` need them loaded; queries always ask the
    database.

    ::

        for task in project.tasks: ...                     # after preload("tasks") or await
        project.tasks.load() await project.tasks.where(done=False).count() await
        project.tasks.create(name="Write docs")
    """

    __slots__ = ("_owner", "_relationship")

    def __init__(self, owner: Record, relationship: HasMany[T]) -> None:
        self._owner = owner
        self._relationship = relationship

    # Loaded records

    @property
    def loaded(self) -> bool:
        """Whether the records are at hand."""
        return self._relationship.loaded(self._owner)

    @property
    def _records(self) -> list[T]:
        return self._relationship.value(self._owner)

    def __iter__(self) -> Iterator[T]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def __getitem__(self, index: int) -> T:
        return self._records[index]

    def __contains__(self, record: object) -> bool:
        return record in self._records

    def __bool__(self) -> bool:
        return bool(self._records)

    async def load(self) -> list[T]:
        """The records, read again."""
        await self._owner.load(self._relationship.name)
        return self._records

    async def to_list(self) -> list[T]:
        """The records, read if they are not at hand."""
        if self.loaded or self._owner._state == NEW:
            return list(self._records)
        return await self.load()

    def __await__(self) -> Generator[Any, Any, list[T]]:
        return self.to_list().__await__()

    async def __aiter__(self) -> AsyncIterator[T]:
        for record in await self.to_list():
            yield record

    # New records

    def build(self, **attributes: Any) -> T:
        """A new record of this owner, saved when the owner is saved."""
        record: Any = self._relationship.target()(**attributes)
        self._relationship.taken(self._owner, record)
        self._relationship.add(self._owner, record)
        return record

    async def create(self, **attributes: Any) -> T:
        """A new record of this owner, saved now. Raises ValidationError."""
        self._demand_stored("create records for it")
        await self._relationship.target()._definition.ready()
        record: Any = self._relationship.target()(**attributes)
        if self._relationship.through is not None:
            async with type(self._owner).transaction():
                await record.save()
                return await self.add(record)
        self._relationship.taken(self._owner, record)
        await record.save()
        if self.loaded:
            self._records.append(record)
        return record

    async def add(self, record: Any) -> Any:
        """Make a stored or new *record* one of this owner's, and save that: through a join table,
        by a row in it.
        """
        self._demand_stored("add records to it")
        if self._relationship.through is None:
            await self._relationship.taken(self._owner, record).save()
        else:
            if record._state == NEW:
                await record.save()
            await through_steps().connect(self._owner, self._relationship, record)
        if self.loaded and record not in self._records:
            self._records.append(record)
        return record

    def _demand_stored(self, purpose: str) -> None:
        if self._owner._state == NEW:
            raise RecordNotPersistedError(
                f"{type(self._owner).__name__} has not been saved; save it before you {purpose}."
            )

    # Queries

    def query(self) -> Query[T]:
        """The records as a query. Raises RecordNotPersistedError for an owner without a key."""
        self._demand_stored("query what belongs to it")
        return self._relationship.query_of(self._owner)

    async def find_or_initialize_by(
        self, attributes: Mapping[str, Any], prepare: Callable[[T], Any] | None = None
    ) -> T:
        """As :meth:`Query.find_or_initialize_by`; a new record belongs to this owner."""
        return await self.query().find_or_initialize_by(self._owned(attributes), prepare)

    async def find_or_create_by(
        self, attributes: Mapping[str, Any], prepare: Callable[[T], Any] | None = None
    ) -> T:
        """As :meth:`Query.find_or_create_by`; a new record belongs to this owner."""
        return await self.query().find_or_create_by(self._owned(attributes), prepare)

    def _owned(self, attributes: Mapping[str, Any]) -> dict[str, Any]:
        if self._relationship.through is not None:
            raise through_steps().read_only(type(self._owner), self._relationship)
        typed = self._relationship.type_filter()
        if typed is not None:
            attributes = {**attributes, typed[0]: typed[1]}
        key = self._owner.read(self._relationship.owner_column())
        return {**attributes, self._relationship.target_column(): key}

    def __getattr__(self, name: str) -> Any:
        # Everything a query can do: where, order, count, first, find_by, the target's scopes …
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self.query(), name)

    def __repr__(self) -> str:
        state = f"{len(self)} loaded" if self.loaded else "not loaded"
        return f"<{self._relationship.name} of {self._owner!r}, {state}>"
