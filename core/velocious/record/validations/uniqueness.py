"""``uniqueness=True``: no other row has the value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from velocious.database.primary import using_primary
from velocious.errors import UnsupportedValueError
from velocious.query.query import Query
from velocious.record.state import PERSISTED
from velocious.record.validations.validator import Validator, is_blank

if TYPE_CHECKING:
    from velocious.record.record import Record


class UniquenessValidator(Validator):
    """No other row has the value, among those with the same values of ``scope`` (an attribute, a
    belongs_to or a list of them).

    It tells a person early; only a unique index keeps two tasks from storing the same value at
    once. Blank values are left to a presence validation, and unchanged ones are not asked about
    again.
    """

    options: ClassVar[tuple[str, ...]] = ("scope",)

    def configure(self, scope: str | list[str] | tuple[str, ...] = ()) -> None:
        self.scope = (scope,) if isinstance(scope, str) else tuple(scope)

    async def check(self, record: Record, attribute: str, value: Any) -> None:
        if is_blank(value) or not self._concerned(record, attribute):
            return
        if type(record)._definition.schema_or_fail().remote is not None:
            # The backend knows all rows, and not every attribute may be searched from here.
            return
        shared = {column: record.read(column) for column in self._scope_columns(record)}
        query = Query(type(record)).where({attribute: value, **shared})
        if record._state == PERSISTED:
            key = type(record)._definition.key_name
            query = query.where_not({key: record.primary_key_value()})
        try:
            # A replica may not have heard of the newest rows yet.
            with using_primary():
                taken = await query.exists()
        except UnsupportedValueError:
            # A value that no row can hold is not taken; that it cannot be stored is reported by the
            # type check.
            return
        if taken:
            self.report(record, attribute, "taken")

    def _concerned(self, record: Record, attribute: str) -> bool:
        if record._state != PERSISTED:
            return True
        changed = record.changes()
        return any(name in changed for name in (attribute, *self._scope_columns(record)))

    def _scope_columns(self, record: Record) -> list[str]:
        relationships = type(record)._definition.relationships
        return [
            relationships[name].owner_column() if name in relationships else name
            for name in self.scope
        ]
