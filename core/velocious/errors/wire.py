"""Values that cannot travel to another program, or text that holds none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors.base import VelociousError

if TYPE_CHECKING:
    from collections.abc import Sequence


class WireError(VelociousError, TypeError):
    """A value has no form in which it could be sent, or what arrived is none.

    Attributes:
        path: where it lies: the keys and positions that lead to it.
    """

    code = "wire_value"

    def __init__(self, problem: str, path: Sequence[str | int] = (), advice: str = "") -> None:
        self.path = tuple(path)
        place = f"At {shown_path(self.path)}: " if self.path else ""
        super().__init__(f"{place}{problem}. {advice}".rstrip())


def shown_path(path: Sequence[str | int]) -> str:
    """``value.tasks[3].owner``"""
    return "value" + "".join(map(_shown_step, path))


def _shown_step(step: str | int) -> str:
    return f".{step}" if isinstance(step, str) and step.isidentifier() else f"[{step!r}]"
