"""Cohorts: the records of one result, so that what one of them loads is loaded for all at once.

Law: a cohort never keeps a record alive. The list that a query returned leads to its records; when
that list is dropped, only the records that somebody still holds are remembered, weakly.
"""

from __future__ import annotations

from sys import getrefcount
from typing import TYPE_CHECKING, Any
from weakref import ref

from velocious import current
from velocious.record.hydration import hydrate
from velocious.record.state import PERSISTED

if TYPE_CHECKING:
    from asyncio import Lock
    from collections.abc import Iterable, Sequence
    from weakref import ReferenceType

    from velocious.record.record import Record
    from velocious.record.relationships.base import Relationship


class Cohort:
    """The records of one result; each of them knows it, and it finds them when one asks."""

    __slots__ = ("_result", "_survivors", "locks", "served")

    def __init__(self) -> None:
        self._result: ReferenceType[Result] | None = None
        self._survivors: list[ReferenceType[Record]] = []
        #: Relationship → the ids of those that got it with a sibling and have not asked yet.
        self.served: dict[str, set[int]] = {}
        #: Relationship → held by the one that loads it for all.
        self.locks: dict[str, Lock] = {}

    def members(self) -> list[Record]:
        """Those of the records that are still in use."""
        result = self._result() if self._result is not None else None
        found = self._alive() if result is None else result
        return [record for record in found if record._cohort is self]

    def _alive(self) -> Iterable[Record]:
        return [record for one in self._survivors if (record := one()) is not None]

    def lead_to(self, result: Result) -> None:
        """Find the records by *result* for as long as it is in use."""
        self._result = ref(result)

    def remember(self, records: Iterable[Record]) -> None:
        """Find *records* without the result that they came in."""
        self._survivors += [ref(record) for record in records]


class Reached(Cohort):
    """The records that were loaded along one relationship: found by way of those that own them."""

    __slots__ = ("_name", "_sources")

    def __init__(self, name: str, owners: Sequence[Record]) -> None:
        super().__init__()
        self._name = name
        cohorts = {owner._cohort for owner in owners}
        if None in cohorts:
            cohorts.discard(None)
            alone = Lone()
            alone.remember(owner for owner in owners if owner._cohort is None)
            cohorts.add(alone)
        self._sources = cohorts

    def _alive(self) -> Iterable[Record]:
        for source in self._sources:
            for owner in source.members() if source is not None else ():
                value = (owner._related or {}).get(self._name)
                if isinstance(value, list):
                    yield from value
                elif value is not None:
                    yield value

    def members(self) -> list[Record]:
        # One record may be the parent of many.
        return list({id(record): record for record in super().members()}.values())


class Lone(Cohort):
    """Records that were read one by one: no siblings, but what they own has a cohort."""

    __slots__ = ()

    def members(self) -> list[Record]:
        return list(self._alive())


class Result(list[Any]):
    """The list that a query returns."""

    __slots__ = ("__weakref__", "_cohort")

    def __init__(self, records: Iterable[Any], cohort: Cohort) -> None:
        super().__init__(records)
        self._cohort = cohort
        cohort.lead_to(self)

    def __del__(self) -> None:
        # `[task for task in await Task.all()]`: the records outlive their list. Remembering them
        # here costs nothing for the results that go as a whole, which nearly all do.
        held = sum(map(getrefcount, self)) - _ALONE * len(self)
        if held > 0:
            self._cohort.remember(self._survivors(held))

    def _survivors(self, held: int) -> Iterable[Record]:
        """The records that others hold, *held* times altogether."""
        last = self[-1:]
        # `for task in await Task.all(): …` leaves its last record in the variable.
        if held == max(map(getrefcount, last)) - 1 - _ALONE:
            return last
        counted = zip(self, list(map(getrefcount, self)), strict=True)
        return (record for record, count in counted if count > _ALONE)


#: What counting says of something that only one list holds.
_ALONE = max(map(getrefcount, [object()]))


def gather[R: Record](model: type[R], rows: list[tuple[Any, ...]]) -> list[R]:
    """The records of a result, as a cohort."""
    if len(rows) < 2:
        return hydrate(model, rows)
    cohort = Cohort()
    return Result(hydrate(model, rows, cohort), cohort)


def siblings(record: Record, relationship: Relationship[Any]) -> list[Record]:
    """The others of *record*'s result that may get *relationship* with it."""
    cohort = record._cohort
    if cohort is None:
        return []
    return [
        one
        for one in cohort.members()
        if one is not record
        and type(one) is type(record)
        and one._state == PERSISTED
        and (one._related is None or relationship.name not in one._related)
    ]


def shares(record: Record, relationship: Relationship[Any]) -> bool:
    """Whether *record* loads *relationship* together with its siblings."""
    return (
        record._cohort is not None
        and relationship.cohort
        and current.configuration().cohort_loading
        and not relationship.limited()
    )


def take_served(record: Record, relationship: Relationship[Any]) -> bool:
    """Whether *record* has what a sibling loaded for it and asks for it for the first time."""
    cohort = record._cohort
    served = None if cohort is None else cohort.served.get(relationship.name)
    if served is None or id(record) not in served:
        return False
    served.discard(id(record))
    return relationship.loaded(record)
