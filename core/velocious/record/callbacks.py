"""Callbacks: methods of a model that run around validation, saving, destroying and the end of the
transaction.

Law: they run in the order of their definition, parents first; a callback stops everything by
raising, :class:`velocious.errors.Halt` where nothing is broken.
"""

from __future__ import annotations

from collections.abc import Awaitable
from functools import partial
from typing import TYPE_CHECKING, Any, cast, overload

from velocious.errors import Halt, RecordNotSavedError
from velocious.record.conditions import action_of, conditions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from velocious.record.conditions import Conditions, Test
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

#: Events after the transaction, when there is nothing left to stop.
LATE_EVENTS = frozenset({"after_commit", "after_rollback"})

ACTIONS = ("create", "update", "destroy")

MARK = "_velocious_events"

type Callback = Callable[..., Awaitable[None] | None]


class Callbacks:
    """A model's callbacks by event: names of methods, so that an override replaces its parent."""

    __slots__ = ("by_event", "conditions", "saves_simply", "validates")

    def __init__(self) -> None:
        self.by_event: dict[str, tuple[str, ...]] = {}
        self.conditions: dict[tuple[str, str], Conditions] = {}
        self.saves_simply = True
        self.validates = False

    def inherit(self, parent: Callbacks) -> None:
        for event, names in parent.by_event.items():
            for name in names:
                self.add(event, name, parent.conditions.get((event, name)))

    def add(self, event: str, name: str, asked: Conditions | None = None) -> None:
        """Run the method *name* at *event*; adding it again changes its conditions alone."""
        names = self.by_event.get(event, ())
        if name not in names:
            self.by_event[event] = (*names, name)
        if asked is None:
            self.conditions.pop((event, name), None)
        else:
            self.conditions[event, name] = asked
        self.saves_simply = self.saves_simply and event not in SAVE_EVENTS
        self.validates = self.validates or event.endswith("_validation")

    def remove(self, event: str, name: str) -> None:
        """Run the method *name* no more at *event*."""
        left = tuple(one for one in self.by_event.get(event, ()) if one != name)
        if left:
            self.by_event[event] = left
        else:
            self.by_event.pop(event, None)
        self.conditions.pop((event, name), None)
        self.saves_simply = SAVE_EVENTS.isdisjoint(self.by_event)
        self.validates = any(one.endswith("_validation") for one in self.by_event)

    def collect(self, name: str, value: Any) -> None:
        """Take up *value*, a member of a class body, where decorators marked it."""
        for event, asked in getattr(value, MARK, ()):
            self.add(event, name, asked)

    async def run(self, event: str, record: Record, contexts: tuple[str, ...] = ()) -> None:
        """Run and await every callback of *event* whose conditions hold.

        Raises:
            RecordNotSavedError: where one of them raised Halt.
        """
        for name in self.by_event.get(event, ()):
            asked = self.conditions.get((event, name)) if self.conditions else None
            if asked is not None and not await asked.hold(record, contexts or (action_of(record),)):
                continue
            try:
                result = getattr(record, name)()
                if isinstance(result, Awaitable):
                    await result
            except Halt as halt:
                if event in LATE_EVENTS:
                    raise
                raise RecordNotSavedError(record, event, name, str(halt)) from halt


class Marker:
    """A decorator for callbacks of one event, with conditions in parentheses or without."""

    def __init__(self, event: str) -> None:
        self.event = event
        self.__name__ = event
        self.__doc__ = f"Run the decorated method, sync or async, at ``{event}``."

    @overload
    def __call__[F: Callback](self, method: F, /) -> F: ...

    @overload
    def __call__[F: Callback](
        self,
        *,
        if_: Test | Iterable[Test] | None = None,
        unless: Test | Iterable[Test] | None = None,
        on: str | Iterable[str] | None = None,
    ) -> Callable[[F], F]: ...

    def __call__(self, *method: Any, **given: Any) -> Any:
        if method:
            return self._mark(method[0], None)
        # Validations run in contexts of the application's own names.
        known = () if self.event.endswith("validation") else ACTIONS
        asked = conditions(given, known)
        return cast("Any", partial(self._mark, asked=asked))

    def _mark(self, method: Any, asked: Conditions | None) -> Any:
        setattr(method, MARK, (*getattr(method, MARK, ()), (self.event, asked)))
        return method


before_validation = Marker("before_validation")
after_validation = Marker("after_validation")
before_save = Marker("before_save")
before_create = Marker("before_create")
before_update = Marker("before_update")
before_destroy = Marker("before_destroy")
after_create = Marker("after_create")
after_update = Marker("after_update")
after_save = Marker("after_save")
after_destroy = Marker("after_destroy")
after_commit = Marker("after_commit")
after_rollback = Marker("after_rollback")
