"""Named scopes: queries with a name, ``Task.open()`` and ``project.tasks.open()``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from velocious.query.query import Query

if TYPE_CHECKING:
    from collections.abc import Callable


class Scope:
    """A function from a query (and arguments) to a narrower query; see :func:`scope`."""

    __slots__ = ("function",)

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __get__(self, record: object, model: Any) -> Callable[..., Any]:
        return partial(self.function, Query(model))


def scope(function: Callable[..., Any]) -> Any:
    """Give a query a name. The function gets the query, and what the caller passes::

    @scope
    def open(query):
        return query.where(done=False)
    """
    return Scope(function)
