"""Random rows: NULLs, keys that point at rows, and keys that point at nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from hypothesis import strategies as st

from tests.differential.values import values

if TYPE_CHECKING:
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


def keys(kind: str) -> st.SearchStrategy[Any]:
    """Keys that point at a row, perhaps."""
    return st.sampled_from((*KEYS[kind], DANGLING[kind]))


@st.composite
def rows(draw: st.DrawFn, schema: Schema) -> Rows:
    """Rows for every table of *schema*."""
    return tuple(tuple(draw(_rows_of(schema, table))) for table in schema.tables)


@st.composite
def _rows_of(draw: st.DrawFn, schema: Schema, table: Table) -> list[Row]:
    count = draw(st.integers(0, MOST_ROWS))
    return [{"id": key, **draw(_row(schema, table))} for key in KEYS[table.key][:count]]


@st.composite
def _row(draw: st.DrawFn, schema: Schema, table: Table) -> Row:
    row = {column.name: draw(st.none() | values(column)) for column in table.columns}
    for name, target in table.references:
        row[f"{name}_id"] = draw(st.none() | keys(schema.tables[target].key))
    return row
