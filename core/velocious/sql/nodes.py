"""SQL expressions as immutable nodes.

Law: a node never holds a value. A :class:`Parameter` says which of the query's values belongs there
and how it is encoded, so a compiled tree serves every query of the same shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.sql.types import ColumnType


@dataclass(frozen=True, slots=True)
class Column:
    """A column, always qualified by its table or alias."""

    table: str
    name: str


@dataclass(frozen=True, slots=True)
class Number:
    """A column that is stored as text but compares and sorts as a number."""

    column: Column


@dataclass(frozen=True, slots=True)
class Parameter:
    """A bound value; *type* encodes it (None: bound as it is)."""

    type: ColumnType | None


@dataclass(frozen=True, slots=True)
class Raw:
    """SQL written by the programmer, with ``?`` where its parameters go."""

    sql: str
    parameters: int = 0


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands around an operator such as ``=`` or ``LIKE``."""

    left: Expression
    operator: str
    right: Expression


@dataclass(frozen=True, slots=True)
class InList:
    """Membership in a list of *count* parameters."""

    operand: Expression
    type: ColumnType | None
    count: int
    negated: bool = False


@dataclass(frozen=True, slots=True)
class InArray:
    """Membership in a list that travels as one parameter, however long it is."""

    operand: Expression
    type: ColumnType | None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class IsNull:
    """NULL, or not."""

    operand: Expression
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """Two bounds, both included."""

    operand: Expression
    low: Parameter
    high: Parameter


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; no parts: true."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds; no parts: false."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """A function call such as ``COUNT(DISTINCT x)``; no arguments: ``COUNT(*)``."""

    function: str
    arguments: tuple[Expression, ...] = ()
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Descending:
    """An ordering from the largest to the smallest."""

    operand: Expression


type Expression = (
    Column
    | Number
    | Parameter
    | Raw
    | Binary
    | InList
    | InArray
    | IsNull
    | Between
    | All
    | Either
    | Not
    | Call
    | Descending
)
