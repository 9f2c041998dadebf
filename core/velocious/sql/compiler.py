"""Compiles statements to SQL text with placeholders, once per shape.

Law: values never enter SQL text. The result lists, in the order of the placeholders, how each value
is encoded.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from velocious.errors import UnsupportedValueError
from velocious.sql import nodes as n
from velocious.sql import statements as s
from velocious.sql.inference import encode_by_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from velocious.sql.dialects.base import Dialect
    from velocious.sql.nodes import Expression
    from velocious.sql.statements import Statement
    from velocious.sql.types import ColumnType

type Encoder = Callable[[Any], Any] | None


class Compiled(NamedTuple):
    """SQL text and the encoder of each of its parameters (None: bound as it is). *fixed* are values
    known already, by their position.
    """

    sql: str
    encoders: tuple[Encoder, ...]
    fixed: tuple[tuple[int, Any], ...] = ()

    def bind(self, values: Sequence[Any]) -> list[Any]:
        """*values*, in the order of the placeholders, as the driver takes them.

        Raises:
            UnsupportedValueError: for a value its column cannot hold.
        """
        if self.fixed:
            values = list(values)
            for position, value in self.fixed:
                values.insert(position, value)
        if len(values) == len(self.encoders) == 1:
            # Most have one; pairing takes longer than encoding.
            value, encode = values[0], self.encoders[0]
            return [value if encode is None else encode(value)]
        return [
            value if encode is None else encode(value)
            for encode, value in zip(self.encoders, values, strict=True)
        ]


def compile_statement(statement: Statement, dialect: Dialect) -> Compiled:
    """*statement* as text for *dialect*."""
    compiler = Compiler(dialect)
    text = compiler.statement(statement)
    return Compiled(text, tuple(compiler.encoders), tuple(sorted(compiler.fixed.items())))


class Compiler:
    """One compilation: collects encoders while it writes."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.encoders: list[Encoder] = []
        self.fixed: dict[int, Any] = {}
        self._changing = False

    # Statements

    def statement(self, statement: Statement) -> str:
        match statement:
            case s.Select():
                return self._select(statement)
            case s.SelectCount(select):
                return f"SELECT COUNT(*) FROM ({self._select(select)}) AS counted"
            case s.SelectOver():
                return self._select_over(statement)
            case s.Insert():
                return self._insert(statement)
            case s.Update():
                return self._update(statement)
            case s.Delete(table, where):
                self._changing = True
                return f"DELETE FROM {self._name(table)}{self._where(where)}"

    def _select(self, select: s.Select) -> str:
        if select.distinct and not self.dialect.sorts_distinct and _sorts_unselected(select):
            return self._sorted_distinct(select)
        distinct = "DISTINCT " if select.distinct else ""
        columns = ", ".join(map(self.expression, select.columns))
        source = self._name(select.table)
        if select.row is not None:
            source = self._row_as_table(select.table, select.row)
        joins = "".join(map(self._join, select.joins))
        text = f"SELECT {distinct}{columns} FROM {source}{joins}"
        text += self._where(select.where) + self._list(" GROUP BY ", select.group)
        if select.having is not None:
            text += f" HAVING {self.expression(select.having)}"
        text += self._list(" ORDER BY ", select.order)
        text += self._limit(select)
        return text + self.dialect.lock(select.table, select.lock) if select.lock else text

    def _row_as_table(self, table: str, row: tuple[tuple[str, object], ...]) -> str:
        """One row in place of *table*, whose columns give their types and collations to it."""
        name = self._name(table)
        columns = self._names(column for column, _ in row)
        places = ", ".join(self.expression(n.Fixed(value)) for _, value in row)
        typed = f"SELECT {columns} FROM {name} WHERE 1 = 0"
        return f"({typed} UNION ALL SELECT {places}) AS {name}"

    def _sorted_distinct(self, select: s.Select) -> str:
        """DISTINCT rows sorted by what is not selected: selected in a SELECT of its own."""
        keys = [one for one in select.order if isinstance(one, n.Sorted)]
        # What has a name already is known by it to the SELECT around this one.
        named = [
            one if isinstance(one, n.Named) else n.Named(one, f"value{place}")
            for place, one in enumerate(select.columns)
        ]
        sorted_by = (n.Named(one.operand, f"key{place}") for place, one in enumerate(keys))
        inner = select.replaced(columns=(*named, *sorted_by), order=(), limited=False, offset=False)
        columns = tuple(n.Column(s.INNER, one.name) for one in named)
        order = tuple(
            one.replaced(operand=n.Column(s.INNER, f"key{place}")) for place, one in enumerate(keys)
        )
        return self._select_over(s.SelectOver(inner, columns, order=order)) + self._limit(select)

    def _select_over(self, outer: s.SelectOver) -> str:
        columns = ", ".join(map(self.expression, outer.columns))
        text = f"SELECT {columns} FROM ({self._select(outer.select)}) AS {self._name(s.INNER)}"
        return text + self._list(" GROUP BY ", outer.group) + self._list(" ORDER BY ", outer.order)

    def _limit(self, select: s.Select) -> str:
        limit = self._parameter(None) if select.limited else None
        offset = self._parameter(None) if select.offset else None
        return self.dialect.limit(limit, offset)

    def _list(self, clause: str, expressions: tuple[Expression, ...]) -> str:
        return clause + ", ".join(map(self.expression, expressions)) if expressions else ""

    def _join(self, join: s.Join) -> str:
        alias = "" if join.alias == join.table else f" AS {self._name(join.alias)}"
        return f" {join.kind} JOIN {self._name(join.table)}{alias} ON {self.expression(join.on)}"

    def _insert(self, insert: s.Insert) -> str:
        table = self._name(insert.table)
        if not insert.columns:
            rest = self._returning(insert.returning)
            return f"INSERT INTO {table} {self.dialect.default_row}{rest}"
        columns = self._names(insert.columns)
        places = ", ".join(self._parameter(None) for _ in insert.columns)
        conflict = self.dialect.upsert(insert.conflict, insert.update) if insert.conflict else ""
        rest = conflict + self._returning(insert.returning)
        return f"INSERT INTO {table} ({columns}) VALUES ({places}){rest}"

    def _update(self, update: s.Update) -> str:
        self._changing = True
        values = update.values or (n.Parameter(None),) * len(update.columns)
        sets = ", ".join(
            f"{self._name(column)} = {self.expression(value)}"
            for column, value in zip(update.columns, values, strict=True)
        )
        rest = self._where(update.where) + self._returning(update.returning)
        return f"UPDATE {self._name(update.table)} SET {sets}{rest}"

    def _where(self, where: Expression | None) -> str:
        return "" if where is None else f" WHERE {self.expression(where)}"

    def _returning(self, columns: tuple[str, ...]) -> str:
        return f" RETURNING {self._names(columns)}" if columns else ""

    # Expressions

    def expression(self, node: Expression) -> str:
        match node:
            case n.Column(table, name):
                return f"{self._name(table)}.{self._name(name)}"
            case n.Parameter(type):
                return self._parameter(type)
            case n.Fixed(value):
                self.fixed[len(self.encoders)] = value
                return self._parameter(None)
            case n.Binary(left, operator, right):
                return f"{self.expression(left)} {operator} {self.expression(right)}"
            case n.All(parts):
                return self._joined(parts, " AND ", empty="1 = 1")
            case n.Either(parts):
                return self._joined(parts, " OR ", empty="1 = 0")
            case n.InList():
                return self._in_list(node)
            case n.InArray(operand, type, negated):
                return self._in_array(operand, type, negated=negated)
            case n.IsNull(operand, negated):
                return f"{self.expression(operand)} IS {'NOT ' if negated else ''}NULL"
            case n.Not(part):
                return f"NOT ({self.expression(part)})"
            case n.Between(operand, low, high):
                bounds = f"{self.expression(low)} AND {self.expression(high)}"
                return f"{self.expression(operand)} BETWEEN {bounds}"
            case n.Raw():
                return self._raw(node)
            case n.Number(column, long):
                return self.dialect.number(self.expression(column), long=long)
            case n.Like(operand, pattern, negated, escape):
                texts = self.expression(operand), self.expression(pattern)
                return self.dialect.like(*texts, escape, negated=negated)
            case n.Cast(operand, kind):
                return f"CAST({self.expression(operand)} AS {self.dialect.column_types[kind]})"
            case n.Named(operand, name):
                return f"{self.expression(operand)} AS {self._name(name)}"
            case n.Among():
                return self._among(node)
            case n.Known(part, values):
                return self._known(part, values)
            case n.Sorted():
                return self._sorted(node)
            case n.Average(operand, kind):
                return self.dialect.average(self.expression(operand), kind)
            case n.Call(function, arguments, distinct):
                inner = ", ".join(map(self.expression, arguments)) or "*"
                return f"{function}({'DISTINCT ' if distinct else ''}{inner})"

    def _sorted(self, node: n.Sorted) -> str:
        text = self.expression(node.operand) + (" DESC" if node.descending else "")
        if not node.nullable or not self.dialect.nulls_last:
            return text
        return f"{text} NULLS {'LAST' if node.descending else 'FIRST'}"

    def _joined(self, parts: Iterable[Expression], separator: str, *, empty: str) -> str:
        texts = [
            f"({self.expression(part)})"
            if isinstance(part, n.Either | n.All | n.Raw)
            else self.expression(part)
            for part in parts
        ]
        return separator.join(texts) if texts else empty

    def _in_list(self, node: n.InList) -> str:
        if node.count == 0:
            return "1 = 1" if node.negated else "1 = 0"
        operand = self.expression(node.operand)
        places = ", ".join(self._parameter(node.type) for _ in range(node.count))
        return f"{operand} {'NOT ' if node.negated else ''}IN ({places})"

    def _in_array(self, operand: Expression, type: ColumnType | None, *, negated: bool) -> str:
        text = self.expression(operand)
        self.encoders.append(self.dialect.array_encoder(None if type is None else type.encode))
        place = self.dialect.placeholder(len(self.encoders))
        kind = None if type is None else type.storage
        return self.dialect.in_array(text, place, kind, negated=negated)

    def _among(self, node: n.Among) -> str:
        operand = self.expression(node.operand)
        start = len(self.encoders)
        select = node.select
        limited = select.limited or select.offset
        inner = self._select(select)
        self._fix(start, node.fixed)
        inner = self.dialect.among(inner, limited=limited, changing=self._changing)
        return f"{operand} {'NOT ' if node.negated else ''}IN ({inner})"

    def _known(self, part: Expression, values: tuple[object, ...]) -> str:
        start = len(self.encoders)
        # What has to stand in brackets does so in them as well.
        text = self._joined((part,), "", empty="")
        self._fix(start, values)
        return text

    def _fix(self, start: int, values: tuple[object, ...]) -> None:
        """Give *values* to the first parameters from *start* on that have none yet."""
        free = (place for place in range(start, len(self.encoders)) if place not in self.fixed)
        self.fixed |= dict(zip(free, values, strict=False))

    def _raw(self, node: n.Raw) -> str:
        pieces = self.dialect.split_placeholders(node.sql)
        if len(pieces) - 1 != node.parameters:
            raise UnsupportedValueError(
                f"The SQL {node.sql!r} has {len(pieces) - 1} placeholders (?), but "
                f"{node.parameters} values were "
                "given. Give one value for each question mark."
            )
        # No column says what the values are for, so their own types do.
        encode = partial(encode_by_type, dialect=self.dialect)
        text = pieces[0]
        for piece in pieces[1:]:
            self.encoders.append(encode)
            text += self.dialect.placeholder(len(self.encoders)) + piece
        return text

    def _parameter(self, type: ColumnType | None) -> str:
        self.encoders.append(None if type is None else type.encode)
        place = self.dialect.placeholder(len(self.encoders))
        return place if type is None else self.dialect.bound(place, type.storage)

    def _name(self, identifier: str) -> str:
        return self.dialect.quote(identifier)

    def _names(self, identifiers: Iterable[str]) -> str:
        return ", ".join(map(self.dialect.quote, identifiers))


def _sorts_unselected(select: s.Select) -> bool:
    operands = [one.operand for one in select.order if isinstance(one, n.Sorted)]
    chosen = {one.operand if isinstance(one, n.Named) else one for one in select.columns}
    return len(operands) == len(select.order) and not chosen.issuperset(operands)
