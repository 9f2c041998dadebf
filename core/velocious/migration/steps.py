"""What a migration is doing, to name it in an error; and what it has forgotten to do.

Law: a call without ``await`` or ``async with`` is an error, because nothing would come of it.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from inspect import CORO_CREATED, getcoroutinestate
from typing import TYPE_CHECKING, Any

from velocious.errors import MigrationError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator

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
        self._unentered: list[str] = []
        self._called: list[tuple[Coroutine[Any, Any, Any], str]] = []

    @contextmanager
    def step(self, method: str, *arguments: object) -> Generator[None]:
        """Remember *method* as the current step until it has succeeded."""
        outer = self.current
        self.current = _spelled(method, arguments)
        yield
        self.current = outer

    def made_by(self, sql: str) -> None:
        """Note that *sql* has been run."""
        text = " ".join(sql.split())
        self.made.append(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")

    def open_block(self, method: str, *arguments: object) -> Callable[[], None]:
        """Expect ``async with``; call the answer when it has come."""
        step = _spelled(method, arguments)
        self._unentered.append(step)
        return lambda: self._unentered.remove(step)

    def expect_await(self, call: Coroutine[Any, Any, Any], method: str) -> None:
        """Expect *call* to be awaited."""
        self._called = [one for one in self._called if _is_waiting(one[0])]
        self._called.append((call, method))

    def check_finished(self) -> None:
        """Raise MigrationError where a call came to nothing."""
        forgotten = [method for call, method in self._called if _is_waiting(call)]
        for call, _ in self._called:
            call.close()
        if forgotten:
            raise MigrationError(
                f"{forgotten[0]}(…) was called without await, so it did nothing. "
                f"Write `await self.{forgotten[0]}(…)`."
            )
        if self._unentered:
            raise MigrationError(
                f"{self._unentered[0]} was called, but nothing came of it. "
                "Write `async with self.create_table(…) as t:` and describe the table in the block."
            )


def awaited[**ParametersT, ResultT](
    method: Callable[ParametersT, Coroutine[Any, Any, ResultT]],
) -> Callable[ParametersT, Coroutine[Any, Any, ResultT]]:
    """A method of a migration that must be awaited; the migration fails where it is not."""

    @wraps(method)
    def call(*args: ParametersT.args, **kwargs: ParametersT.kwargs) -> Coroutine[Any, Any, ResultT]:
        coroutine = method(*args, **kwargs)
        migration: Any = args[0]
        migration.steps.expect_await(coroutine, method.__name__)
        return coroutine

    return call


def _is_waiting(call: Coroutine[Any, Any, Any]) -> bool:
    return getcoroutinestate(call) == CORO_CREATED


def _spelled(method: str, arguments: tuple[object, ...]) -> str:
    text = f"{method}({', '.join(map(repr, arguments))})"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
