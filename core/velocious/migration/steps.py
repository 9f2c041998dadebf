"""What a migration is doing, to name it in an error; and what it has forgotten to do.

Law: a call without ``await`` or ``async with`` is an error, because nothing would come of it.
"""

from __future__ import annotations

from contextlib import contextmanager
from inspect import CORO_CREATED, getcoroutinestate
from typing import TYPE_CHECKING, Any

from velocious.errors import MigrationError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Generator

_LONGEST = 100


class Steps:
    """The step a migration is in.

    Attributes:
        current: such as ``add_index('tasks', 'name')``; stays set when the step has failed.
        made: what has been done so far: SQL, or the step where that was more than one statement.
    """

    def __init__(self) -> None:
        self.current: str | None = None
        self.made: list[str] = []
        #: Told before each statement, where somebody wants to know.
        self.announce: Callable[[str], Awaitable[None]] | None = None
        self._unentered: list[str] = []
        self._called: list[tuple[Coroutine[Any, Any, Any], str]] = []

    @contextmanager
    def step(self, method: str, *arguments: object, **options: object) -> Generator[None]:
        """Remember *method* as the current step until it has succeeded."""
        outer = self.current
        self.current = _spelled(method, arguments, options)
        yield
        self.current = outer

    async def doing(self, sql: str) -> None:
        """Say that *sql* is about to be run."""
        if self.announce is not None:
            await self.announce(_short(sql))

    def made_by(self, sql: str) -> None:
        """Note that *sql* has been run."""
        self.made.append(_short(sql))

    def open_block(self, method: str, *arguments: object) -> Callable[[], None]:
        """Expect ``async with``, or ``await`` where it is enough; call the answer when it came."""
        step = _spelled(method, arguments, {})
        self._unentered.append(step)
        return lambda: self._unentered.remove(step)

    def expect_await(self, call: Coroutine[Any, Any, Any], method: str) -> None:
        """Expect *call* to be awaited."""
        self._called = [one for one in self._called if _is_waiting(one[0])]
        self._called.append((call, method))

    def check_finished(self) -> None:
        """Raise MigrationError where a call came to nothing."""
        forgotten = [one for one in self._called if _is_waiting(one[0])]
        for call, _ in forgotten:
            call.close()
        if forgotten:
            method = forgotten[0][1]
            raise MigrationError(
                f"{method}(…) was called without await, so it did nothing. "
                f"Write `await self.{method}(…)`."
            )
        if self._unentered:
            raise MigrationError(
                f"{self._unentered[0]} was called, but nothing came of it. "
                f"Write {_wanted(self._unentered[0])}"
            )


def _wanted(step: str) -> str:
    if step.startswith("drop_"):
        return f"`await self.{step}`."
    return f"`async with self.{step} as t:` and describe the table in the block."


def _is_waiting(call: Coroutine[Any, Any, Any]) -> bool:
    return getcoroutinestate(call) == CORO_CREATED


def _spelled(method: str, arguments: tuple[object, ...], options: dict[str, object]) -> str:
    shown = [*map(repr, arguments), *(f"{name}={value!r}" for name, value in options.items())]
    return _short(f"{method}({', '.join(shown)})")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
