"""``class Task(SoftDelete)``: destroyed rows stay, marked with the time.

Law: no query of the model sees a marked row unless it says so; ``delete_all`` and
``destroy_permanently`` are what removes rows.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Self

from velocious.errors import RecordNotPersistedError
from velocious.query.conditions import Keywords
from velocious.record import persistence
from velocious.record.declaration import Declaration
from velocious.record.record import Record
from velocious.record.relationships import counting
from velocious.record.state import NEW, PERSISTED

if TYPE_CHECKING:
    from datetime import datetime

    from velocious.query.query import Query
    from velocious.record.attribute import Attribute
    from velocious.record.definition import Definition

COLUMN = "deleted_at"

_KEPT = Keywords({COLUMN: None})


class _SoftDeletion(Declaration):
    def declare(self, definition: Definition, name: str) -> None:
        definition.soft_delete = name
        definition.default_conditions += (_KEPT,)
        definition.scopes["with_deleted"] = with_deleted
        definition.scopes["only_deleted"] = only_deleted


def with_deleted(query: Query[Any]) -> Query[Any]:
    """The query without its exclusion of deleted rows."""
    new = query._copy()
    new._conditions = tuple(one for one in query._conditions if one is not _KEPT)
    return new


def only_deleted(query: Query[Any]) -> Query[Any]:
    """Deleted rows alone."""
    return with_deleted(query).where_not({COLUMN: None})


class SoftDelete(Record):
    """The base of models whose records are marked in ``deleted_at`` when they are destroyed."""

    abstract = True

    if TYPE_CHECKING:
        deleted_at: Attribute[datetime | None]
    else:
        deleted_at = _SoftDeletion()

    @classmethod
    def with_deleted(cls) -> Query[Self]:
        """All rows, deleted ones too."""
        return with_deleted(cls.query())

    @classmethod
    def only_deleted(cls) -> Query[Self]:
        """Deleted rows alone."""
        return only_deleted(cls.query())

    @property
    def is_deleted(self) -> bool:
        """Whether the row is marked."""
        return self.read(COLUMN) is not None

    async def restore_deleted(self) -> Self:
        """Take the mark away. What was destroyed along with the record stays destroyed."""
        if self._state == NEW:
            raise RecordNotPersistedError(f"{self!r} cannot be restored: it has no row.")
        # A rollback makes it destroyed again.
        await self._definition.ready()
        async with type(self).transaction() as transaction:
            transaction.after_rollback(partial(setattr, self, "_state", self._state))
            self._state = PERSISTED
            kept = self._definition.kept if self.is_deleted else ()
            self.write(COLUMN, None)
            await persistence.save(self, validate=False)
            if kept:
                await counting.follow_restore(self, kept)
        return self

    async def destroy_permanently(self) -> Self:
        """Delete the row itself, with callbacks and dependents, marked before or not."""
        await persistence.destroy(self, permanently=True)
        return self
