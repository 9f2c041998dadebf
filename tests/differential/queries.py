"""What may be asked, as plain data that both sides read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

type Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Equal:
    """``where(column=value)``: a value, None, or a tuple of both."""

    column: str
    value: Any


@dataclass(frozen=True, slots=True)
class Along:
    """``where(way={…})``."""

    way: str
    parts: tuple[Equal | Along, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """``where(Model.column > value)``; *written* as raw SQL where that is possible."""

    column: str
    operator: str
    value: Any
    written: bool = False


@dataclass(frozen=True, slots=True)
class AnyOf:
    """``where(any_of(…))``, or ``all_of``."""

    parts: tuple[Compared | AnyOf, ...]
    every: bool = False


@dataclass(frozen=True, slots=True)
class NotAll:
    """``where_not(…)``."""

    parts: tuple[Equal | Along | Compared, ...]


@dataclass(frozen=True, slots=True)
class Partner:
    """``where_exists(path, …)`` or ``where_missing``."""

    path: Path
    parts: tuple[Equal, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Member:
    """``where(column=Other.where(…).select(…))``."""

    column: str
    table: int
    parts: tuple[Equal, ...]
    selected: str
    negated: bool


@dataclass(frozen=True, slots=True)
class Scoped:
    """A scope of the model, called with a column and a value; at the end of *path*."""

    path: Path
    part: Equal


type Condition = Equal | Along | Compared | AnyOf | NotAll | Partner | Member | Scoped


@dataclass(frozen=True, slots=True)
class Order:
    """One key of an order."""

    path: Path
    column: str
    descending: bool

    def reversed(self) -> Order:
        return replace(self, descending=not self.descending)


@dataclass(frozen=True, slots=True)
class Question:
    """Rows of a table. *otherwise* are the conditions of the other side of ``or_``; *page* is a
    page and its size; the order is turned round *turns* times.
    """

    table: int
    conditions: tuple[Condition, ...] = ()
    otherwise: tuple[Condition, ...] | None = None
    joins: tuple[tuple[Path, str], ...] = ()
    order: tuple[Order, ...] = ()
    turns: int = 0
    limit: int | None = None
    offset: int | None = None
    page: tuple[int, int] | None = None
    distinct: bool = False

    @property
    def window(self) -> tuple[int | None, int | None]:
        """How many rows, and how many of them are left out before."""
        if self.page is None:
            return self.limit, self.offset
        return self.page[1], (self.page[0] - 1) * self.page[1]

    @property
    def sorted(self) -> tuple[Order, ...]:
        """The order after all turns."""
        order = self.order or ((Order((), "id", False),) if self.turns else ())
        return tuple(one.reversed() for one in order) if self.turns % 2 else order


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what is wanted of its rows: the name of a method, and what it is given."""

    question: Question
    wanted: str
    columns: tuple[str, ...] = ()
    path: Path = ()
    groups: tuple[tuple[Path, str], ...] = ()
    having: int | None = None
    value: Any = None
    size: int = 1
