"""SQL statements as immutable nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.sql.nodes import Expression


@dataclass(frozen=True, slots=True)
class Join:
    """A joined table: ``INNER`` or ``LEFT``, with its alias (the table's own name where it has
    none).
    """

    kind: str
    table: str
    alias: str
    on: Expression


@dataclass(frozen=True, slots=True)
class Select:
    """A SELECT. *limited* and *offset* say that the values end with a row limit and an offset."""

    table: str
    columns: tuple[Expression, ...]
    joins: tuple[Join, ...] = ()
    where: Expression | None = None
    order: tuple[Expression, ...] = ()
    distinct: bool = False
    limited: bool = False
    offset: bool = False


@dataclass(frozen=True, slots=True)
class SelectCount:
    """Counts the rows of a SELECT, its limit and offset included."""

    select: Select


@dataclass(frozen=True, slots=True)
class Insert:
    """An INSERT of one row; no columns: all defaults."""

    table: str
    columns: tuple[str, ...]
    returning: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """An UPDATE that sets *columns*, in the order of its values, where *where* holds."""

    table: str
    columns: tuple[str, ...]
    where: Expression | None
    returning: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delete:
    """A DELETE where *where* holds."""

    table: str
    where: Expression | None


type Statement = Select | SelectCount | Insert | Update | Delete
