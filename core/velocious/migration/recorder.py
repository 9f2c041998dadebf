"""Notes what a migration would do, so that it can be undone in the opposite order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from velocious.migration.table import Table

type Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Command:
    """A call of a migration's method.

    Attributes:
        method: its name (``"add_column"``).
        values: its arguments by their names.
        table: what was described in its block, if it has one.
    """

    method: str
    values: Values
    table: Table | None = None


class Recorder:
    """The commands of a migration in their order."""

    def __init__(self) -> None:
        self.commands: list[Command] = []

    def record(self, method: str, values: Values, table: Table | None = None) -> None:
        """Note a call."""
        self.commands.append(Command(method, values, table))

    def inverted(self) -> list[Command]:
        """What undoes the commands.

        Raises:
            IrreversibleMigrationError: for a command that nothing undoes.
        """
        # Imported here: few migrations are ever undone.
        from velocious.migration.inverses import inverse

        return [inverse(one) for one in reversed(self.commands)]
