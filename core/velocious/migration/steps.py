"""What a migration is doing, to name it in an error."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from velocious.errors import MigrationError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_LONGEST = 100


class Steps:
    """The step a migration is in.

    Attributes:
        current: such as ``add_index('tasks', 'name')``; stays set when the step has failed.
    """

    def __init__(self) -> None:
        self.current: str | None = None
        self._unentered: list[str] = []

    @contextmanager
    def step(self, method: str, *arguments: object) -> Generator[None]:
        """Remember *method* as the current step until it has succeeded."""
        outer = self.current
        self.current = _spelled(method, arguments)
        yield
        self.current = outer

    def open_block(self, method: str, *arguments: object) -> Callable[[], None]:
        """Expect ``async with``; call the answer when it has come."""
        step = _spelled(method, arguments)
        self._unentered.append(step)
        return lambda: self._unentered.remove(step)

    def check_finished(self) -> None:
        """Raise MigrationError where a table was described to nobody."""
        if self._unentered:
            raise MigrationError(
                f"{self._unentered[0]} was called, but nothing came of it. "
                "Write `async with self.create_table(…) as t:` and describe the table in the block."
            )


def _spelled(method: str, arguments: tuple[object, ...]) -> str:
    text = f"{method}({', '.join(map(repr, arguments))})"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
