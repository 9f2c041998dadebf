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
class Notice:
    """Something that a person should know, though it stops nothing.

    Attributes:
        kind: ``"edited"`` (its file has changed since it ran), ``"missing"`` (its file is gone) or
            ``"out of order"`` (newer ones have run before it).
        text: the whole of it as a sentence.
    """

    kind: Literal["edited", "missing", "out of order"]
    database: str
    version: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A migration that would run, and its SQL."""

    database: str
    version: str
    name: str
    direction: Direction
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MigrationStatus:
    """What is known about one migration on one database.

    Attributes:
        state: ``"up"`` (has run), ``"down"`` (has not), ``"missing"`` (has run, but its file is
            gone), or ``"interrupted"`` (was begun outside of a transaction, and killed).
        applied_at: when it ran; None where it has not, or where a structure file brought it.
        edited: whether its file has changed since it ran.
        out_of_order: whether it has not run, but a newer one has.
    """

    database: str
    version: str
    name: str
    state: Literal["up", "down", "missing", "interrupted"]
    applied_at: datetime | None = None
    edited: bool = False
    out_of_order: bool = False
