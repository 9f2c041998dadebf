"""Ways between tables for SQLAlchemy: everything is joined from the left, and rows that need a
partner say so in their conditions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tests.differential.column_types import described

if TYPE_CHECKING:
    from tests.differential.engines import Place
    from tests.differential.queries import Path
    from tests.differential.schema import Schema, Way


class Tables:
    """The tables of a schema as SQLAlchemy knows them."""

    def __init__(self, schema: Schema, place: Place) -> None:
        self.schema = schema
        self.place = place
        metadata = sa.MetaData()
        self.all = [
            sa.Table(
                table.name,
                metadata,
                *(described(one, place.types) for one in schema.columns(table.index).values()),
            )
            for table in schema.tables
        ]


class Tree:
    """One table and what is joined to it, each path under a name of its own."""

    def __init__(self, tables: Tables, table: int) -> None:
        self.tables = tables
        self.table = table
        self.root = tables.all[table].alias()
        self.source: Any = self.root
        #: Paths that a condition needs, and those that the question itself joins.
        self.required: set[Path] = set()
        self.asked: set[Path] = set()
        self._places: dict[Path, Any] = {(): self.root}

    def place(self, path: Path) -> Any:
        """The table at the end of *path*."""
        if path not in self._places:
            parent = self.place(path[:-1])
            ways = self.tables.schema.ways[self.tables.schema.at(self.table, path[:-1])]
            self._places[path] = self._join(parent, ways[path[-1]])
        return self._places[path]

    def _join(self, parent: Any, way: Way) -> Any:
        target = self.tables.all[way.target].alias()
        key = f"{way.reference}_id"
        if way.kind == "belongs_to":
            on = parent.c[key] == target.c.id
        elif way.kind == "has_many":
            on = target.c[key] == parent.c.id
        else:
            steps = self.tables.schema.ways[way.source]
            between = self._join(parent, steps[str(way.through)])
            on = between.c[f"{way.onward}_id"] == target.c.id
        self.source = self.source.outerjoin(target, on)
        return target

    def column(self, path: Path, name: str) -> Any:
        """A column as it compares and sorts."""
        kind = self.tables.schema.columns(self.tables.schema.at(self.table, path))[name].kind
        column = self.place(path).c[name]
        collation = self.tables.place.collations.get(kind)
        return column if collation is None else column.collate(collation)

    def partners(self) -> list[Any]:
        """The conditions that every required path leads somewhere."""
        return [self.place(path).c.id.is_not(None) for path in sorted(self.required)]
