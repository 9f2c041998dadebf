"""Random tables and relationships, as plain descriptions that both sides read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Names that are keywords of SQL, or need quotes, must not matter.
TABLES = ("alphas", "order", "Gamma rows", 'del"tas')
MODELS = ("Alpha", "Beta", "Gamma", "Delta")
COLUMNS = ("index", "to", "when", "desc", "Check", "table")
REFERENCES = ("owner", "other")
KINDS = (
    "integer",
    "bigint",
    "string",
    "text",
    "boolean",
    "float",
    "decimal",
    "date",
    "time",
    "datetime",
    "uuid",
    "binary",
)
PRECISIONS = ((8, 2), (30, 10))


@dataclass(frozen=True, slots=True)
class Column:
    """A column; *precision* and *scale* are a decimal's, *bits* a whole number's."""

    name: str
    kind: str
    bits: int = 64
    precision: int = 8
    scale: int = 2


@dataclass(frozen=True, slots=True)
class Way:
    """A relationship of a table: along *reference*, its own or the other table's.

    One that leads *through* another goes on from there along *onward*.
    """

    name: str
    kind: str
    source: int
    target: int
    reference: str
    through: str | None = None
    onward: str | None = None


@dataclass(frozen=True)
class Table:
    """A table; *references* are the names of its belongs_to with the tables they point at."""

    index: int
    key: str
    columns: tuple[Column, ...]
    references: tuple[tuple[str, int], ...]

    @property
    def name(self) -> str:
        return TABLES[self.index]

    @property
    def model(self) -> str:
        return MODELS[self.index]


@dataclass(frozen=True)
class Schema:
    """Tables, and the ways between them."""

    tables: tuple[Table, ...]

    @cached_property
    def ways(self) -> dict[int, dict[str, Way]]:
        """The relationships of each table, by name."""
        found: dict[int, dict[str, Way]] = {table.index: {} for table in self.tables}
        for table in self.tables:
            for name, target in table.references:
                back = f"{table.model.lower()}s_by_{name}"
                found[table.index][name] = Way(name, "belongs_to", table.index, target, name)
                found[target][back] = Way(back, "has_many", target, table.index, name)
        for table in self.tables:
            for way in list(found[table.index].values()):
                if way.kind == "has_many":
                    self._add_ways_through(found[table.index], way)
        return found

    def _add_ways_through(self, ways: dict[str, Way], first: Way) -> None:
        for name, target in self.tables[first.target].references:
            if name != first.reference:
                through = f"{name}_through_{first.name}"
                ways[through] = Way(
                    through, "through", first.source, target, first.reference, first.name, name
                )

    def columns(self, table: int) -> dict[str, Column]:
        """Every column of a table by name: its key, those with values, those that point."""
        described = self.tables[table]
        found = {"id": Column("id", described.key)}
        found |= {column.name: column for column in described.columns}
        for name, target in described.references:
            found[f"{name}_id"] = Column(f"{name}_id", self.tables[target].key)
        return found

    def at(self, table: int, path: tuple[str, ...]) -> int:
        """The table at the end of *path*."""
        for step in path:
            table = self.ways[table][step].target
        return table


@st.composite
def schemas(draw: st.DrawFn, bits: int) -> Schema:
    """Two to four tables, each pointing at itself or those before it; whole numbers of the type
    `integer` have *bits*.
    """
    count = draw(st.integers(2, len(TABLES)))
    # Few kinds at a time meet more often.
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3))
    return Schema(tuple(draw(_tables(index, kinds, bits)) for index in range(count)))


@st.composite
def _tables(draw: st.DrawFn, index: int, kinds: Sequence[str], bits: int) -> Table:
    key = draw(st.sampled_from(("integer", "integer", "uuid")))
    names = COLUMNS[: draw(st.integers(1, len(COLUMNS)))]
    columns = tuple(
        _column(name, draw(st.sampled_from(kinds)), draw(st.sampled_from(PRECISIONS)), bits)
        for name in names
    )
    count = draw(st.integers(0 if index == 0 else 1, len(REFERENCES)))
    targets = [(name, draw(st.integers(0, index))) for name in REFERENCES[:count]]
    return Table(index, key, columns, tuple(targets))


def _column(name: str, kind: str, size: tuple[int, int], bits: int) -> Column:
    return Column(name, kind, bits if kind == "integer" else 64, *size)
