"""The questions as queries of records, through public methods alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.differential import queries as q
from velocious.migration import Migration
from velocious.query import all_of, any_of
from velocious.record import Record, belongs_to, has_many, scope

if TYPE_CHECKING:
    from tests.differential.schema import Schema, Table, Way
    from velocious.query import Query

SYMBOLS = {"eq": "=", "not_eq": "<>", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<="}


def migration(schema: Schema) -> type[Migration]:
    """The migration that makes the tables of *schema*."""

    class CreateTables(Migration):
        async def up(self) -> None:
            for table in schema.tables:
                async with self.create_table(table.name, id=table.key) as t:  # pyright: ignore[reportArgumentType]
                    for column in table.columns:
                        decimal = column.kind == "decimal"
                        options: Any = (
                            {"precision": column.precision, "scale": column.scale}
                            if decimal
                            else {}
                        )
                        t.column(column.name, column.kind, **options)
                    for name, target in table.references:
                        key = schema.tables[target].key
                        t.references(name, type="bigint" if key == "integer" else key)

    return CreateTables


def models(schema: Schema) -> list[Any]:
    """A model for each table of *schema*."""
    return [_model(schema, table) for table in schema.tables]


def _model(schema: Schema, table: Table) -> Any:
    def narrowed(query: Any, column: str, value: Any) -> Any:
        return query.where({column: value})

    ways = schema.ways[table.index].values()
    body: dict[str, Any] = {way.name: _relationship(schema, way) for way in ways}
    body |= {"__module__": __name__, "table_name": table.name, "narrowed": scope(narrowed)}
    metaclass: Any = type(Record)
    return metaclass(table.model, (Record,), body)


def _relationship(schema: Schema, way: Way) -> Any:
    target = schema.tables[way.target].model
    if way.kind == "belongs_to":
        return belongs_to(target)
    if way.kind == "has_many":
        return has_many(target, foreign_key=f"{way.reference}_id")
    return has_many(target, through=way.through, source=way.onward)


class Project:
    """The models of a schema, and queries of them."""

    def __init__(self, schema: Schema, models: list[Any]) -> None:
        self.schema = schema
        self.models = models

    def query(self, question: q.Question) -> Query[Any]:
        """*question* as a query."""
        query = self.models[question.table].query()
        for path, kind in question.joins:
            join = query.joins if kind == "INNER" else query.left_joins
            query = join(_nested(path) if kind == "INNER" else _dotted(path))
        either = query
        query = self._where(query, question.table, question.conditions)
        if question.otherwise is not None:
            query = query.or_(self._where(either, question.table, question.otherwise))
        for order in question.order:
            sign = "-" if order.descending else ""
            query = query.order(sign + _dotted((*order.path, order.column)))
        for _ in range(question.turns):
            query = query.reverse_order()
        if question.page is not None:
            query = query.per_page(question.page[1]).page(question.page[0])
        else:
            query = query.limit(question.limit).offset(question.offset)
        return query.distinct(question.distinct)

    def _where(self, query: Any, table: int, conditions: tuple[q.Condition, ...]) -> Any:
        for condition in conditions:
            query = self._condition(query, table, condition)
        return query

    def _condition(self, query: Any, table: int, condition: q.Condition) -> Any:
        match condition:
            case q.Equal() | q.Along():
                return query.where(**_keywords((condition,)))
            case q.Compared() | q.AnyOf():
                return query.where(*self._expression(table, condition))
            case q.NotAll(parts):
                plain = tuple(one for one in parts if not isinstance(one, q.Compared))
                compared = [one for one in parts if isinstance(one, q.Compared)]
                found = [self._comparison(table, one) for one in compared]
                return query.where_not(*found, **_keywords(plain))
            case q.Partner(path, parts, negated):
                method = query.where_missing if negated else query.where_exists
                return method(_dotted(path), **_keywords(parts))
            case q.Member():
                return query.where(self._member(table, condition))
            case q.Scoped(path, part):
                if not path:
                    return query.narrowed(part.column, _value(part.value))
                return query.where_scope(_dotted(path), "narrowed", part.column, _value(part.value))

    def _expression(self, table: int, part: q.Compared | q.AnyOf) -> tuple[Any, ...]:
        if isinstance(part, q.AnyOf):
            return (self._joined(table, part),)
        if part.written:
            described = self.schema.tables[table]
            column = f"{_quoted(described.name)}.{_quoted(part.column)}"
            return f"{column} {SYMBOLS[part.operator]} ?", part.value
        return (self._comparison(table, part),)

    def _joined(self, table: int, part: q.AnyOf) -> Any:
        found = [
            self._joined(table, one) if isinstance(one, q.AnyOf) else self._comparison(table, one)
            for one in part.parts
        ]
        return all_of(*found) if part.every else any_of(*found)

    def _comparison(self, table: int, part: q.Compared) -> Any:
        column = getattr(self.models[table], part.column)
        match part.operator:
            case "eq":
                return column == part.value
            case "not_eq":
                return column != part.value
            case "gt":
                return column > part.value
            case "gteq":
                return column >= part.value
            case "lt":
                return column < part.value
            case "lteq":
                return column <= part.value
            case "is_null" | "is_not_null":
                return getattr(column, part.operator)()
            case "between":
                return column.between(*part.value)
            case "in":
                return column.in_(list(part.value))
            case "not_in":
                return column.not_in(part.value)
            case _:
                return getattr(column, part.operator)(part.value)

    def _member(self, table: int, part: q.Member) -> Any:
        inner = self.models[part.table].where(_keywords(part.parts)).select(part.selected)
        column = getattr(self.models[table], part.column)
        return column.not_in(inner) if part.negated else column.in_(inner)


def _keywords(parts: tuple[Any, ...]) -> dict[str, Any]:
    return {
        (part.way if isinstance(part, q.Along) else part.column): _keywords(part.parts)
        if isinstance(part, q.Along)
        else _value(part.value)
        for part in parts
    }


def _value(value: Any) -> Any:
    # Descriptions are hashable, and so hold tuples; records take lists.
    return [*value] if isinstance(value, tuple) else value


def _dotted(path: q.Path) -> str:
    return ".".join(path)


def _nested(path: q.Path) -> Any:
    return path[0] if len(path) == 1 else {path[0]: _nested(path[1:])}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
