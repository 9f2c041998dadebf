"""Named scopes: queries with a name, ``Task.open()`` and ``project.tasks.open()``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate

from velocious.query.query import Query

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.record.record import Record


class Scope[**P]:
    """A function from a query (and arguments) to a narrower query; see :func:`scope`."""

    __slots__ = ("function",)

    def __init__(self, function: Callable[Concatenate[Any, P], Any]) -> None:
        self.function = function

    def __get__[R: Record](self, record: object, model: type[R]) -> Callable[P, Query[R]]:
        return partial(self.function, Query(model))


def scope[**P](function: Callable[Concatenate[Any, P], Any]) -> Scope[P]:
    """Give a query a name. The function gets the query, and what the caller passes::

    open = scope(lambda tasks: tasks.where(done=False))

    @scope
    @staticmethod                                              # for type checkers
    def above(query: Query[Task], position: int) -> Query[Task]:
        return query.where(Task.position > position)
    """
    return Scope(function)
