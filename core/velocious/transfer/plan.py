"""What a copy has to do: which tables, in which order, by which key.

Law: everything that can be known before the first row is written is checked here; a copy that
starts can be expected to end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from velocious.command_words import as_typed
from velocious.database.sqlite.own_tables import APPLIED
from velocious.errors import CopyError, suggestion
from velocious.migration.currency import LEDGER
from velocious.transfer.columns import ColumnCopy
from velocious.transfer.keys import key_of
from velocious.transfer.state import KEYS, STATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from velocious.database.database import Database
    from velocious.database.schema import Column, ForeignKey, Table
    from velocious.transfer.keys import Key

#: The tables with rows of their own: no views, and nothing that another table brings along.
_OWN_TABLES = {
    "sqlite": "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
    "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    "postgresql": "SELECT relname::text FROM pg_class "
    "JOIN pg_namespace ON pg_namespace.oid = relnamespace "
    "WHERE relkind IN ('r', 'p') AND NOT relispartition AND pg_table_is_visible(pg_class.oid) "
    "AND nspname = ANY(current_schemas(false))",
    "mysql": "SELECT TABLE_NAME FROM information_schema.TABLES "
    "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'",
}


@dataclass(frozen=True, slots=True)
class TablePlan:
    """How one table is copied.

    Attributes:
        columns: those that hold values of their own, as the target has them.
        source_columns: the same, as the source has them.
        copies: how the values of each become the target's.
        unordered: foreign keys to itself, or to tables that point back: no order of rows satisfies
            them.
    """

    table: Table
    columns: tuple[Column, ...]
    source_columns: tuple[Column, ...]
    copies: tuple[ColumnCopy, ...]
    key: Key
    unordered: tuple[ForeignKey, ...]

    @property
    def name(self) -> str:
        return self.table.name


async def own_tables(database: Database) -> list[str]:
    """The tables that hold an application's rows."""
    rows = await database.fetch(_OWN_TABLES[database.dialect.name])
    return sorted(name for (name,) in rows if name not in (LEDGER, STATE, KEYS, APPLIED))


async def make_plan(source: Database, target: Database, wanted: Sequence[str]) -> list[TablePlan]:
    """The plans of the tables *wanted* (all, if none is named), those pointed at first.

    Raises:
        CopyError: the two schemas differ in what is to be copied.
    """
    names = await own_tables(source)
    for name in wanted:
        if name not in names:
            raise CopyError(
                f"The source has no table {name!r}. {suggestion(name, names)} "
                "Correct --tables, which takes names with commas between them."
            )
    names = [name for name in names if not wanted or name in wanted]
    missing = sorted(set(names) - set(await own_tables(target)))
    if missing:
        raise CopyError(
            f"The target lacks the tables {', '.join(missing)}. Make them with a migration (tables "
            "that no migration makes are not copied), or leave them out with --tables."
        )
    tables = {name: await target.table(name) for name in names}
    order = in_order(tables)
    place = {name: number for number, name in enumerate(order)}
    return [await _plan(source, target, tables[name], place) for name in order]


async def _plan(
    source: Database, target: Database, table: Table, place: dict[str, int]
) -> TablePlan:
    given = await source.table(table.name)
    columns = tuple(column for column in table.columns if not column.generated)
    _check_columns(table, given, columns)
    source_columns = [given.column(column.name) for column in columns]
    found = tuple(column for column in source_columns if column is not None)
    dialects = (source.dialect, target.dialect)
    nul = target.capabilities.stores_nul
    return TablePlan(
        table=table,
        columns=columns,
        source_columns=found,
        copies=tuple(
            ColumnCopy(one, column, dialects, nul=nul)
            for one, column in zip(found, columns, strict=True)
        ),
        key=await key_of(source, given),
        unordered=tuple(
            key for key in table.foreign_keys if place.get(key.to_table, -1) >= place[table.name]
        ),
    )


def _check_columns(table: Table, given: Table, columns: Iterable[Column]) -> None:
    lost = [one.name for one in given.columns if not one.generated and not table.column(one.name)]
    absent = [column.name for column in columns if not given.column(column.name)]
    if lost or absent:
        said = [f"the target lacks {', '.join(lost)}"] if lost else []
        said += [f"the source lacks {', '.join(absent)}"] if absent else []
        raise CopyError(
            f"The table {table.name} has other columns in the source than in the target: "
            f"{'; '.join(said)}. Bring both to the same migration ({as_typed('db:migrate')}) first."
        )


def in_order(tables: dict[str, Table]) -> list[str]:
    """The names of *tables*, each behind those it points at, as far as that can be."""
    ordered: list[str] = []
    begun: set[str] = set()

    def visit(start: str) -> None:
        # Not by recursion: a chain of tables may be longer than Python's stack.
        stack = [(start, iter(_pointed_at(tables[start], tables)))]
        begun.add(start)
        while stack:
            name, others = stack[-1]
            following = next((other for other in others if other not in begun), None)
            if following is None:
                stack.pop()
                ordered.append(name)
            else:
                begun.add(following)
                stack.append((following, iter(_pointed_at(tables[following], tables))))

    for name in sorted(tables):
        if name not in begun:
            visit(name)
    return ordered


def _pointed_at(table: Table, tables: dict[str, Table]) -> list[str]:
    return sorted({key.to_table for key in table.foreign_keys} & set(tables))
