"""From rows to records.

Law: this is the hottest loop of all. A record keeps its row as it came; nothing is called and
nothing is copied for it but what is written here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.record.state import PERSISTED

if TYPE_CHECKING:
    from velocious.record.record import Record
    from velocious.record.relationships.cohort import Cohort

#: Makes a record without its __init__, which is for new ones.
_new = object.__new__


def hydrate[R: Record](
    model: type[R], rows: list[tuple[Any, ...]], siblings: Cohort | None = None
) -> list[R]:
    """A stored record of *model* for each of *rows*, with *siblings* in common."""
    new = _new
    records: list[R] = []
    append = records.append
    for row in rows:
        record = new(model)
        record._row = row
        record._assigned = None
        record._related = None
        record._errors = None
        record._saved = None
        record._cohort = siblings
        record._state = PERSISTED
        append(record)
    return records


def hydrate_one[R: Record](model: type[R], row: tuple[Any, ...]) -> R:
    """The stored record of *model* that *row* is, without siblings."""
    record = _new(model)
    record._row = row
    record._assigned = None
    record._related = None
    record._errors = None
    record._saved = None
    record._cohort = None
    record._state = PERSISTED
    return record
