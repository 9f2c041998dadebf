"""Callbacks: methods of a model that run around validation, saving, destroying and the end of the
transaction.

Law: they run in the order of their definition, parents first; a callback stops everything by
raising.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.record.record import Record

EVENTS = (
    "before_validation",
    "after_validation",
    "before_save",
    "before_create",
    "before_update",
    "before_destroy",
    "after_create",
    "after_update",
    "after_save",
    "after_destroy",
    "after_commit",
    "after_rollback",
)

#: Events that turn a save into more than one statement.
SAVE_EVENTS = frozenset(EVENTS) - {
    "before_validation",
    "after_validation",
    "before_destroy",
    "after_destroy",
}

MARK = "_velocious_events"

type Callback = Callable[..., Awaitable[None] | None]


class Callbacks:
    """A model's callbacks by event: names of methods, so that an override replaces its parent."""

    __slots__ = ("by_event", "saves_simply")

    def __init__(self) -> None:
        self.by_event: dict[str, tuple[str, ...]] = {}
        self.saves_simply = True

    def inherit(self, parent: Callbacks) -> None:
        for event, names in parent.by_event.items():
            for name in names:
                self.add(event, name)

    def add(self, event: str, name: str) -> None:
        """Run the method *name* at *event*; adding it again changes nothing."""
        names = self.by_event.get(event, ())
        if name not in names:
            self.by_event[event] = (*names, name)
        self.saves_simply = self.saves_simply and event not in SAVE_EVENTS

    def collect(self, name: str, value: Any) -> None:
        """Take up *value*, a member of a class body, where decorators marked it."""
        for event in getattr(value, MARK, ()):
            self.add(event, name)

    async def run(self, event: str, record: Record) -> None:
        """Run and await every callback of *event*."""
        for name in self.by_event.get(event, ()):
            result = getattr(record, name)()
            if isinstance(result, Awaitable):
                await result


def _marker[F: Callback](event: str) -> Callable[[F], F]:
    def mark(method: F) -> F:
        setattr(method, MARK, (*getattr(method, MARK, ()), event))
        return method

    mark.__name__ = event
    mark.__doc__ = f"Run the decorated method, sync or async, at ``{event}``."
    return mark


before_validation = _marker("before_validation")
after_validation = _marker("after_validation")
before_save = _marker("before_save")
before_create = _marker("before_create")
before_update = _marker("before_update")
before_destroy = _marker("before_destroy")
after_create = _marker("after_create")
after_update = _marker("after_update")
after_save = _marker("after_save")
after_destroy = _marker("after_destroy")
after_commit = _marker("after_commit")
after_rollback = _marker("after_rollback")
