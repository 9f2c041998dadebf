"""Random questions to a schema.

They are drawn evenly from one generator: Hypothesis itself prefers the simple ones, in which little
meets.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.differential import queries as q
from tests.differential.data import DANGLING, KEYS
from tests.differential.values import LETTERS, stored, text, value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from tests.differential.schema import Column, Schema

DEEPEST = 3
COMPARISONS = ("eq", "not_eq", "gt", "gteq", "lt", "lteq")
LISTS = ("in", "not_in")
NULLS = ("is_null", "is_not_null")
PATTERNS = ("like", "not_like")
COUNTS = (None, 0, 1, 2, 3, 5)
OPERATORS = (*COMPARISONS, *COMPARISONS, *LISTS, *NULLS, "between")
NUMBERS = ("integer", "bigint", "float", "decimal", "boolean")
CALCULATIONS = ("count_of", "sum", "average", "minimum", "maximum")
LISTED = ("records", "records", "data", "pluck", "select", "ids", "first", "last", "pick")
OTHERS = ("count", "exists", "batches", "preload", "update_all", "delete_all")


class Asker:
    """Chooses what one question to a table of *schema* is made of."""

    def __init__(self, random: Random, schema: Schema) -> None:
        self.random = random
        self.schema = schema

    def pick[T](self, among: Sequence[T]) -> T:
        return self.random.choice(among)

    def chance(self, of: int = 3) -> bool:
        return self.random.randrange(of) == 0

    def some(self, one: Any, most: int, least: int = 0) -> tuple[Any, ...]:
        return tuple(one() for _ in range(self.random.randint(least, most)))

    # Parts of conditions

    def column(self, table: int, kinds: tuple[str, ...] | None = None) -> Column | None:
        columns = [
            column
            for column in self.schema.columns(table).values()
            if kinds is None or column.kind in kinds
        ]
        return self.pick(columns) if columns else None

    def a_column(self, table: int) -> Column:
        column = self.column(table)
        assert column is not None
        return column

    def value(self, column: Column) -> Any:
        if column.name == "id" or column.name.endswith("_id"):
            return self.pick((*KEYS[column.kind], DANGLING[column.kind]))
        # What is searched for need not fit.
        return value(self.random, replace(column, bits=64))

    def storable(self, column: Column) -> Any:
        if column.name.endswith("_id"):
            return self.value(column)
        return stored(column, value(self.random, column))

    def equal(self, table: int) -> q.Equal:
        column = self.a_column(table)
        match self.random.randint(0, 3):
            case 0:
                return q.Equal(column.name, None)
            case 1:
                return q.Equal(column.name, self.members(column, nulls=True))
            case _:
                return q.Equal(column.name, self.value(column))

    def members(self, column: Column, *, nulls: bool) -> tuple[Any, ...]:
        found = self.some(lambda: self.value(column), 5)
        if found and self.chance(8):
            found *= 60
        return (*found, None) if nulls and self.chance() else found

    def along(self, table: int, depth: int = 1) -> q.Equal | q.Along:
        ways = self.schema.ways[table]
        if not ways or depth > DEEPEST:
            return self.equal(table)
        way = ways[self.pick(sorted(ways))]
        deeper = self.chance()

        def part() -> q.Equal | q.Along:
            return self.along(way.target, depth + 1) if deeper else self.equal(way.target)

        parts = {self.name_of(one): one for one in self.some(part, 2, 1)}
        return q.Along(way.name, tuple(parts.values()))

    @staticmethod
    def name_of(part: q.Equal | q.Along) -> str:
        return part.column if isinstance(part, q.Equal) else part.way

    def compared(self, table: int) -> q.Compared:
        column = self.a_column(table)
        operator = self.pick(OPERATORS)
        if column.kind in ("string", "text") and self.chance():
            pattern = text(self.random, LETTERS + "%_")
            return q.Compared(column.name, self.pick(PATTERNS), pattern)
        if operator in NULLS:
            return q.Compared(column.name, operator, None)
        if operator in LISTS:
            return q.Compared(column.name, operator, self.members(column, nulls=True))
        if operator == "between":
            return q.Compared(column.name, operator, (self.value(column), self.value(column)))
        written = column.kind not in ("decimal",) and self.chance(6)
        # A server takes the type of a parameter in raw SQL from the column beside it.
        found = value(self.random, column) if written else self.value(column)
        return q.Compared(column.name, operator, found, written)

    def any_of(self, table: int, depth: int = 1) -> q.AnyOf:
        def part() -> Any:
            deeper = depth < 2 and self.chance(5)
            return self.any_of(table, depth + 1) if deeper else self.compared(table)

        return q.AnyOf(self.some(part, 3), every=self.chance())

    def not_all(self, table: int) -> q.NotAll:
        one = self.pick((self.equal, self.along, self.compared))
        return q.NotAll((one(table),) if self.chance() else (one(table), self.compared(table)))

    def path(self, table: int, most: int = 2, least: int = 0) -> q.Path:
        path: q.Path = ()
        for _ in range(self.random.randint(least, most)):
            ways = self.schema.ways[self.schema.at(table, path)]
            if not ways:
                break
            path += (self.pick(sorted(ways)),)
        return path

    def partner(self, table: int) -> q.Condition:
        path = self.path(table, least=1)
        if not path:
            return self.equal(table)
        target = self.schema.at(table, path)
        parts = {one.column: one for one in self.some(lambda: self.equal(target), 1)}
        return q.Partner(path, tuple(parts.values()), negated=self.chance(2))

    def member(self, table: int) -> q.Condition:
        column = self.a_column(table)
        other = self.random.randint(0, len(self.schema.tables) - 1)
        selected = self.column(other, (column.kind,))
        if selected is None:
            return self.equal(table)
        parts = {one.column: one for one in self.some(lambda: self.equal(other), 1)}
        return q.Member(
            column.name, other, tuple(parts.values()), selected.name, negated=self.chance()
        )

    def scoped(self, table: int) -> q.Scoped:
        path = self.path(table) if self.chance(2) else ()
        return q.Scoped(path, self.equal(self.schema.at(table, path)))

    def condition(self, table: int) -> q.Condition:
        one = self.pick(
            (
                self.equal,
                self.along,
                self.compared,
                self.any_of,
                self.not_all,
                self.partner,
                self.member,
                self.scoped,
            )
        )
        return one(table)

    # Questions

    def order(self, table: int, *, plain: bool) -> q.Order:
        path = () if plain else self.path(table)
        column = self.a_column(self.schema.at(table, path))
        return q.Order(path, column.name, self.chance(2))

    def question(self, table: int) -> q.Question:
        distinct = self.chance(5)

        def join() -> tuple[q.Path, str]:
            return self.path(table, least=1), self.pick(("INNER", "LEFT"))

        joins = self.some(join, 2) if self.chance() else ()
        order = self.some(lambda: self.order(table, plain=distinct), 2)
        conditions = self.some(lambda: self.condition(table), 2)
        otherwise = None
        if self.chance(5) and not any(isinstance(one, q.Scoped) for one in conditions):
            # A scope of a joined model joins, and both sides of or_ have equal joins.
            otherwise = self.some(lambda: self.compared(table), 2)
        question = q.Question(
            table,
            conditions,
            otherwise,
            tuple(join for join in joins if join[0]),
            order=(*order, q.Order((), "id", self.chance(2))) if self.chance(2) else (),
            turns=self.random.randint(0, 2) if self.chance() else 0,
            distinct=distinct,
        )
        return self.windowed(question) if question.sorted and self.chance(2) else question

    def windowed(self, question: q.Question) -> q.Question:
        if self.chance():
            page = self.random.randint(1, 3), self.random.randint(1, 4)
            return q.replace(question, page=page)
        limit, offset = self.pick(COUNTS), self.pick(COUNTS)
        return q.replace(question, limit=limit, offset=offset)

    def asked(self) -> q.Asked:
        table = self.random.randint(0, len(self.schema.tables) - 1)
        question = self.question(table)
        match self.random.randint(0, 3):
            case 0:
                return self.calculated(question)
            case 1:
                return self.grouped(question)
            case 2:
                return self.other(question)
            case _:
                return self.listed(question)

    def listed(self, question: q.Question) -> q.Asked:
        wanted = self.pick(LISTED)
        columns = tuple(dict.fromkeys(self.some(lambda: self.a_column(question.table).name, 3, 1)))
        if question.distinct and wanted in ("pluck", "select", "pick"):
            # Which of the equal rows is the first by something else, nobody says.
            question = q.replace(question, distinct=False)
        return q.Asked(question, wanted, columns)

    def calculated(self, question: q.Question) -> q.Asked:
        wanted = self.pick(CALCULATIONS)
        path = () if question.distinct else self.path(question.table, most=1)
        kinds = NUMBERS if wanted in ("sum", "average") else None
        column = self.column(self.schema.at(question.table, path), kinds)
        if column is None or (kinds and column.name.endswith("id")):
            return q.Asked(question, "count")
        return q.Asked(question, wanted, (column.name,), path)

    def grouped(self, question: q.Question) -> q.Asked:
        question = q.replace(
            question, order=(), turns=0, limit=None, offset=None, page=None, distinct=False
        )

        def group() -> tuple[q.Path, str]:
            path = self.path(question.table, most=1)
            return path, self.a_column(self.schema.at(question.table, path)).name

        groups = tuple(dict.fromkeys(self.some(group, 2, 1)))
        having = self.pick((None, 0, 1, 2))
        calculated = self.calculated(question)
        return q.replace(calculated, groups=groups, having=having)

    def other(self, question: q.Question) -> q.Asked:
        wanted = self.pick(OTHERS)
        if wanted == "batches":
            question = q.replace(question, order=(), turns=0, offset=None, page=None, limit=None)
        if wanted == "preload":
            return q.Asked(question, wanted, path=self.path(question.table, least=1))
        column = self.a_column(question.table)
        if wanted == "update_all" and column.name == "id":
            wanted = "delete_all"
        value = None if self.chance(4) else self.storable(column)
        size = self.random.randint(1, 3)
        return q.Asked(question, wanted, (column.name,), value=value, size=size)


def questions(random: Random, schema: Schema, count: int = 8) -> list[q.Asked]:
    """Questions to *schema*, all kinds of them as likely."""
    return [Asker(random, schema).asked() for _ in range(count)]
