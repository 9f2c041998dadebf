"""SQL statements as immutable nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from velocious.sql.node import Node

if TYPE_CHECKING:
    from velocious.sql.nodes import Expression


#: What becomes of rows that another transaction has locked.
type Lock = Literal["wait", "skip", "nowait"]


class Join(Node):
    """A joined table: ``INNER`` or ``LEFT``, with its alias (the table's own name where it has
    none).
    """

    kind: str
    table: str
    alias: str
    on: Expression


class Select(Node):
    """A SELECT. *limited* and *offset* say that the values end with a row limit and an offset;
    *lock*, how its rows are locked until the transaction ends (None: not at all); *row*, the
    columns and encoded values of one row that stands in for the table (None: the table itself).
    """

    table: str
    columns: tuple[Expression, ...]
    joins: tuple[Join, ...] = ()
    where: Expression | None = None
    order: tuple[Expression, ...] = ()
    distinct: bool = False
    limited: bool = False
    offset: bool = False
    group: tuple[Expression, ...] = ()
    having: Expression | None = None
    lock: Lock | None = None
    row: tuple[tuple[str, object], ...] | None = None


class SelectCount(Node):
    """Counts the rows of a SELECT, its limit and offset included."""

    select: Select


class SelectOver(Node):
    """A SELECT of the rows of another one, which :data:`INNER` names."""

    select: Select
    columns: tuple[Expression, ...]
    group: tuple[Expression, ...] = ()
    order: tuple[Expression, ...] = ()


#: What the rows of a SELECT are called by the SELECT around them.
INNER = "inner_rows"


class Insert(Node):
    """An INSERT of one row; no columns: all defaults. Where the row collides on *conflict*, the
    stored one gets the new values of *update* (none: it stays as it is).
    """

    table: str
    columns: tuple[str, ...]
    returning: tuple[str, ...] = ()
    conflict: tuple[str, ...] = ()
    update: tuple[str, ...] = ()


class Update(Node):
    """An UPDATE that sets *columns*, in the order of its values, where *where* holds; *values* are
    expressions to set them to instead of plain parameters.
    """

    table: str
    columns: tuple[str, ...]
    where: Expression | None
    returning: tuple[str, ...] = ()
    values: tuple[Expression, ...] = ()


class Delete(Node):
    """A DELETE where *where* holds."""

    table: str
    where: Expression | None


type Statement = Select | SelectCount | SelectOver | Insert | Update | Delete
