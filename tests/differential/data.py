"""Random rows: NULLs, keys that point at rows, and keys that point at nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.differential.values import stored, value

if TYPE_CHECKING:
    from random import Random

    from tests.differential.schema import Schema, Table

MOST_ROWS = 6
KEYS: dict[str, tuple[Any, ...]] = {
    "integer": (1, 2, 3, 5, 2**53 + 1, 2**62),
    "uuid": tuple(UUID(int=number << 100) for number in (3, 1, 2, 200, 5, 2**27)),
}
#: Keys that no row has.
DANGLING: dict[str, Any] = {"integer": 4, "uuid": UUID(int=4 << 100)}

type Row = dict[str, Any]
type Rows = tuple[tuple[Row, ...], ...]


def rows(random: Random, schema: Schema) -> Rows:
    """Rows for every table of *schema*."""
    return tuple(_rows_of(random, schema, table) for table in schema.tables)


def _rows_of(random: Random, schema: Schema, table: Table) -> tuple[Row, ...]:
    count = random.choice((0, 2, *(MOST_ROWS,) * 6))
    return tuple({"id": key, **_row(random, schema, table)} for key in KEYS[table.key][:count])


def _row(random: Random, schema: Schema, table: Table) -> Row:
    row = {
        column.name: _or_null(random, stored(column, value(random, column)))
        for column in table.columns
    }
    for name, target in table.references:
        kind = schema.tables[target].key
        row[f"{name}_id"] = _or_null(random, random.choice((*KEYS[kind], DANGLING[kind])))
    return row


def _or_null(random: Random, value: Any) -> Any:
    return value if random.randrange(4) else None
