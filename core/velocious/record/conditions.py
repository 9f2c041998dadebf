"""When a validation or callback applies: ``if_``, ``unless`` and ``on``.

Law: conditions are asked each time, in the order ``on``, ``if_``, ``unless``; what they name must
exist.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import ConfigurationError, UnknownOptionError
from velocious.record.state import NEW

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.record.record import Record

#: A method's or attribute's name, or a function of the record; either may be ``async``.
type Test = str | Callable[[Any], Any]

NAMES = ("if_", "unless", "on")


class Conditions:
    """``if_`` and ``unless`` (a test or several), ``on`` (an action or context, or several)."""

    __slots__ = ("if_", "on", "unless")

    def __init__(
        self,
        if_: Test | Iterable[Test] = (),
        unless: Test | Iterable[Test] = (),
        on: str | Iterable[str] = (),
    ) -> None:
        self.if_ = _tests("if_", if_)
        self.unless = _tests("unless", unless)
        self.on = frozenset({on} if isinstance(on, str) else on)

    async def hold(self, record: Record, contexts: tuple[str, ...]) -> bool:
        """Whether they hold for *record* in one of *contexts*."""
        if self.on and self.on.isdisjoint(contexts):
            return False
        for test in self.if_:
            if not await _ask(record, test):
                return False
        for test in self.unless:
            if await _ask(record, test):
                return False
        return True


def conditions(given: dict[str, Any], known_contexts: Iterable[str] = ()) -> Conditions | None:
    """The conditions in *given*, None without any.

    Raises:
        UnknownOptionError: for an ``on`` that is none of *known_contexts*, where those are limited.
    """
    asked = {name: value for name, value in given.items() if value is not None}
    if not asked:
        return None
    made = Conditions(**asked)
    known = tuple(known_contexts)
    for context in made.on:
        if known and context not in known:
            raise UnknownOptionError("on=…", context, known)
    return made


def action_of(record: Record) -> str:
    """What saving *record* now would be: ``"create"`` or ``"update"``."""
    return "create" if record._state == NEW else "update"


def contexts_of(record: Record, context: str | None) -> tuple[str, ...]:
    """What a validation of *record* runs in: what a save would be, and the caller's *context*."""
    action = action_of(record)
    return (action,) if context is None else (action, context)


def _tests(option: str, given: Any) -> tuple[Test, ...]:
    tests: tuple[Any, ...] = (given,) if isinstance(given, str) or callable(given) else tuple(given)
    for test in tests:
        if not isinstance(test, str) and not callable(test):
            raise ConfigurationError(
                f"{option}={test!r} is no condition. Name a method or attribute of the record "
                f'({option}="is_public"), or give a function: {option}=lambda record: ….'
            )
    return tests


async def _ask(record: Record, test: Test) -> bool:
    answer: Any = getattr(record, test) if isinstance(test, str) else test(record)
    if isinstance(test, str) and callable(answer):
        answer = answer()
    if isinstance(answer, Awaitable):
        answer = await cast("Awaitable[object]", answer)
    return bool(answer)
