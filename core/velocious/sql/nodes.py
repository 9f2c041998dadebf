"""SQL expressions as immutable nodes.

Law: a node never holds a value. A :class:`Parameter` says which of the query's values belongs there
and how it is encoded, so a compiled tree serves every query of the same shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.sql.node import Node

if TYPE_CHECKING:
    from velocious.sql.statements import Select
    from velocious.sql.types import ColumnType


class Column(Node):
    """A column, always qualified by its table or alias."""

    table: str
    name: str


class Number(Node):
    """A column that is stored as text but compares and sorts as a number; *long* says that it may
    have more digits than a binary number keeps apart.
    """

    column: Column
    long: bool = False


class Parameter(Node):
    """A bound value; *type* encodes it (None: bound as it is)."""

    type: ColumnType | None


class Fixed(Node):
    """A value that belongs to the statement's shape; it is bound like any other."""

    value: object


class Raw(Node):
    """SQL written by the programmer, with ``?`` where its parameters go."""

    sql: str
    parameters: int = 0


class Binary(Node):
    """Two operands around an operator such as ``=`` or ``LIKE``."""

    left: Expression
    operator: str
    right: Expression


class InList(Node):
    """Membership in a list of *count* parameters."""

    operand: Expression
    type: ColumnType | None
    count: int
    negated: bool = False


class InArray(Node):
    """Membership in a list that travels as one parameter, however long it is."""

    operand: Expression
    type: ColumnType | None
    negated: bool = False


class IsNull(Node):
    """NULL, or not."""

    operand: Expression
    negated: bool = False


class Between(Node):
    """Two bounds, both included."""

    operand: Expression
    low: Parameter
    high: Parameter


class All(Node):
    """Every part holds; no parts: true."""

    parts: tuple[Expression, ...]


class Either(Node):
    """At least one part holds; no parts: false."""

    parts: tuple[Expression, ...]


class Not(Node):
    """The part does not hold."""

    part: Expression


class Call(Node):
    """A function call such as ``COUNT(DISTINCT x)``; no arguments: ``COUNT(*)``."""

    function: str
    arguments: tuple[Expression, ...] = ()
    distinct: bool = False


class Average(Node):
    """The mean of the values of one of our kinds that are not NULL."""

    operand: Expression
    kind: str


class Like(Node):
    """A pattern match in which *escape*, if any, takes the meaning from the character behind it."""

    operand: Expression
    pattern: Parameter
    negated: bool = False
    escape: str = ""


class Cast(Node):
    """An expression as a value of another of our kinds (one without a limit or precision)."""

    operand: Expression
    kind: str


class Named(Node):
    """A column of a result, under a name for the SELECT around it."""

    operand: Expression
    name: str


class Among(Node):
    """Membership in the rows of a SELECT. *fixed* are the values of its first parameters: they are
    known when the statement is compiled, and stay.
    """

    operand: Expression
    select: Select
    fixed: tuple[object, ...] = ()
    negated: bool = False


class Known(Node):
    """An expression whose parameters' values are known when the statement is compiled, and stay."""

    part: Expression
    values: tuple[object, ...]


class Sorted(Node):
    """An ordering, NULL first, or from the largest to the smallest, NULL last.

    *nullable* says that there may be a NULL: an index serves the plain order of a column without.
    """

    operand: Expression
    descending: bool = False
    nullable: bool = True


type Expression = (
    Column
    | Number
    | Parameter
    | Fixed
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
    | Average
    | Like
    | Named
    | Among
    | Known
    | Sorted
    | Cast
)
