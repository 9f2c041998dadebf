"""What a migrator tells while it works, and what it knows about a migration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

type Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class StepEvent:
    """A migration begins or has ended.

    Attributes:
        database: the identifier of the database.
        direction: whether it is run or undone.
        state: whether it is about to begin or has been done.
        seconds: how long it took; 0.0 while it begins.
        number: which of the *total* migrations of this call it is, from 1.
    """

    database: str
    version: str
    name: str
    direction: Direction
    state: Literal["started", "finished"]
    number: int
    total: int
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class MigrationStatus:
    """What is known about one migration on one database.

    Attributes:
        state: ``"up"`` (has run), ``"down"`` (has not), or ``"missing"`` (has run, but its file is
            gone).
        applied_at: when it ran; None where it has not, or where a structure file brought it.
        edited: whether its file has changed since it ran.
    """

    database: str
    version: str
    name: str
    state: Literal["up", "down", "missing"]
    applied_at: datetime | None = None
    edited: bool = False
