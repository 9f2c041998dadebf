"""What is listed: with what most models have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.record import Record, scope, validates

if TYPE_CHECKING:
    from velocious.query import Query
    from velocious.record import Attribute


class Task(Record):
    """Something to do."""

    validations = [validates("name", presence=True, length={"maximum": 200})]

    if TYPE_CHECKING:
        id: Attribute[int]
        name: Attribute[str]
        done: Attribute[bool]

    @scope
    def open(query: Query[Task]) -> Query[Task]:
        return query.where(done=False)
