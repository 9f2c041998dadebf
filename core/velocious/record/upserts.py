"""``upsert_all``: rows that are inserted, or that update the row which is there already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import QueryError, UnknownAttributeError, UnsupportedValueError
from velocious.record.bulk import Batch
from velocious.record.given_keys import count_on_behind
from velocious.sql.compiler import compile_statement
from velocious.sql.statements import Insert

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from velocious.record.record import Record
    from velocious.record.schema import ModelSchema


async def upsert_all(
    model: type[Record],
    rows: Iterable[Mapping[str, Any]],
    *,
    conflict: Sequence[str] | None = None,
    update: Sequence[str] | None = None,
) -> int:
    """Store *rows* (attribute → value, all with the same attributes), all or none of them.

    A row that has the same *conflict* columns as a stored one (the primary key, where nothing is
    said) gives it its values of *update*: everything but the conflict columns where nothing is
    said; with ``[]`` the stored row stays as it is. Values are cast, timestamps are kept, and rows
    that are inserted get declared defaults; nothing else of a record's life takes part. Returns how
    many rows were inserted or updated.

    Raises:
        UnknownAttributeError: for a column the table does not have.
        QueryError: for conflict columns that no unique index covers, or rows of unequal attributes.
        UnsupportedValueError: for a value that its column cannot hold.
    """
    # As plain ones: parameters of a request that nobody permitted refuse to become that.
    given = [dict(row) for row in rows]
    if not given:
        return 0
    schema = await model._definition.ready()
    columns = tuple(given[0])
    batch = Batch(
        schema, columns, [_values(row, columns, place) for place, row in enumerate(given)]
    )
    keys = _conflict(schema, tuple(conflict or (schema.primary_key,)))
    changed = _update(schema, columns, keys, update)
    encoded = batch.encode()
    if batch.result.failed:
        first = batch.result.failed[0]
        raise UnsupportedValueError(
            f"upsert_all of {model.__name__} stored nothing. Row {first.index}: {first.reason}"
        )
    statement = Insert(schema.table.name, batch.written(), conflict=keys, update=changed)
    sql = compile_statement(statement, schema.database.dialect).sql
    stored = await schema.database.execute_many(sql, encoded)
    await count_on_behind(schema, batch.written(), encoded)
    return stored


def _values(row: Mapping[str, Any], columns: tuple[str, ...], place: int) -> list[Any]:
    if set(row) != set(columns):
        raise QueryError(
            f"The rows of upsert_all need the same attributes. Row 0 has {', '.join(columns)}, "
            f"row {place} has {', '.join(row)}. Fill in what is missing, or store them apart."
        )
    return [row[name] for name in columns]


def _conflict(schema: ModelSchema, columns: tuple[str, ...]) -> tuple[str, ...]:
    table = schema.table
    unique = [index.columns for index in table.indexes if index.unique and not index.where]
    unique = [columns for columns in (table.primary_key, *unique) if columns]
    if set(columns) not in map(set, unique):
        for name in columns:
            _demand(schema, name)
        named = [f"[{', '.join(one)}]" for one in unique]
        named += [
            f"[{', '.join(index.columns)}] only where {index.where}"
            for index in table.indexes
            if index.unique and index.where
        ]
        known = " or ".join(named)
        raise QueryError(
            f"No unique index of {table.name!r} covers [{', '.join(columns)}], so rows cannot "
            f"collide there. Unique are {known}. Add an index in a migration: "
            "add_index(…, unique=True)."
        )
    return columns


def _update(
    schema: ModelSchema,
    columns: tuple[str, ...],
    conflict: tuple[str, ...],
    update: Sequence[str] | None,
) -> tuple[str, ...]:
    kept = {*conflict, schema.primary_key, "created_at"}
    chosen = [name for name in columns if name not in kept] if update is None else list(update)
    for name in chosen:
        _demand(schema, name)
        if name not in columns:
            raise QueryError(
                f"upsert_all cannot update {name!r}: the rows have no value for it. They have "
                f"{', '.join(columns)}."
            )
    if chosen and "updated_at" in schema.timestamps and "updated_at" not in chosen:
        chosen.append("updated_at")
    return tuple(chosen)


def _demand(schema: ModelSchema, name: str) -> None:
    if name not in schema.attributes:
        raise UnknownAttributeError(schema.model.__name__, name, schema.attributes)
