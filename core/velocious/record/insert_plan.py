"""The INSERT of a record, planned once for each set of attributes that are assigned."""

from __future__ import annotations

from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from velocious.errors import RecordError
from velocious.record.given_keys import count_on
from velocious.sql import nodes as n
from velocious.sql.compiler import compile_statement
from velocious.sql.statements import Insert, Select

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from velocious.record.schema import AttributeSchema, ModelSchema

type Encoder = Callable[[Any], Any]


class InsertPlan(NamedTuple):
    """An INSERT for one set of assigned attributes.

    Attributes:
        encoders: how the assigned values are encoded, by name.
        stamps: how many timestamps follow them.
        key_factory: what makes the primary key, as it is stored, where this side does.
        row: picks the new row out of (encoded values, what the database returned, the blank row).
        returns_id: whether the last inserted id is what the database returns.
        read_back: where the database has no RETURNING, what asks it for what it has filled in.
        key_place: where the key of that question is among the encoded values; -1: the last id.
        count_on: what makes the database's own keys go on behind the one that is given.
    """

    sql: str
    encoders: tuple[tuple[str, Encoder], ...]
    stamps: int
    key_factory: Callable[[], Any] | None
    row: Callable[[tuple[Any, ...]], tuple[Any, ...]]
    returns_id: bool
    read_back: str | None = None
    key_place: int = -1
    count_on: str | None = None


def plan_insert(schema: ModelSchema, assigned: Iterable[str]) -> InsertPlan:
    """The plan for a record on which *assigned* is set."""
    names = tuple(assigned)
    stamps = tuple(sorted(schema.timestamps - set(names)))
    key = schema.attributes[schema.primary_key]
    key_made = makes_key(schema, names)
    if not key_made:
        _demand_key(schema, names)
    written = (*names, *stamps, *((key.name,) if key_made else ()))
    returns_id = (
        key.name not in written
        and key.column.automatic
        and schema.database.capabilities.last_insert_id
    )
    made = _made_by_database(schema, written, key)
    if returns_id:
        made = [attribute for attribute in made if attribute is not key]
        # The last id stands alone behind the values; with RETURNING, the key comes with the rest.
        returns_id = not made
        made = made or [key] if returns_id else [key, *made]
    returning = () if returns_id else tuple(attribute.name for attribute in made)
    read_back = None
    if returning and not schema.database.capabilities.returning:
        read_back = _reading_back(schema, written, returning)
        returning = ()
    statement = Insert(schema.table.name, written, returning=returning)
    return InsertPlan(
        compile_statement(statement, schema.database.dialect).sql,
        tuple((name, schema.attributes[name].type.encode) for name in names),
        len(stamps),
        partial(new_key, key) if key_made else None,
        _row_picker(schema, written, [attribute.name for attribute in made]),
        returns_id,
        read_back,
        written.index(key.name) if key.name in written else -1,
        count_on(schema, written),
    )


def _reading_back(schema: ModelSchema, written: tuple[str, ...], returning: tuple[str, ...]) -> str:
    """The SELECT that stands in for RETURNING."""
    key, model = schema.attributes[schema.primary_key], schema.model.__name__
    if key.name not in written and not key.column.automatic:
        raise RecordError(
            f"{model} cannot be created without {key.name}: its database makes the key and has no "
            f"way to tell it. Give one: {model}.create({key.name}=…)."
        )
    table = schema.table.name
    columns = tuple(n.Column(table, name) for name in returning)
    where = n.Binary(n.Column(table, key.name), "=", n.Parameter(None))
    return compile_statement(Select(table, columns, where=where), schema.database.dialect).sql


def _demand_key(schema: ModelSchema, names: tuple[str, ...]) -> None:
    """Refuse a row that nobody makes a key for: SQLite would store it with NULL, and drop it where
    the table is a view.
    """
    column = schema.attributes[schema.primary_key].column
    made = column.automatic or column.generated or column.default is not None
    if column.name not in names and column.null and not made:
        model = schema.model.__name__
        raise RecordError(
            f"{model} cannot be created without {column.name}: {schema.table.name!r} makes no "
            f"keys. Give one: {model}.create({column.name}=…)."
        )


def makes_key(schema: ModelSchema, names: Iterable[str]) -> bool:
    """Whether a row of which *names* are given needs a key that the database does not make."""
    key = schema.attributes[schema.primary_key]
    return key.name not in names and key.kind == "uuid" and key.column.default is None


def new_key(key: AttributeSchema) -> Any:
    """A new UUID as it is stored."""
    return key.type.encode(uuid4())


def _made_by_database(
    schema: ModelSchema, written: tuple[str, ...], key: AttributeSchema
) -> list[AttributeSchema]:
    """What the database fills in, except for defaults that are plain integers: those are known."""
    return [
        attribute
        for name, attribute in schema.attributes.items()
        if name not in written
        and (attribute is key or attribute.column.generated or attribute.column.default is not None)
        and not isinstance(schema.blank_row[attribute.index], int)
    ]


def _row_picker(
    schema: ModelSchema, written: tuple[str, ...], made: list[str]
) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    places = {name: place for place, name in enumerate((*written, *made))}
    blank = len(places)
    picks = [places.get(name, blank + index) for index, name in enumerate(schema.attributes)]
    if len(picks) == 1:
        # itemgetter of one item gives the item, not a tuple of it.
        return lambda values: (values[picks[0]],)
    return itemgetter(*picks)
