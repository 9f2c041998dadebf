"""What a database's schema looks like to Velocious: plain, immutable descriptions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        kind: our type name (``"string"``, ``"integer"``, ``"datetime"``, … see
            ``velocious.sql.types``).
        declared: the type as the database spells it.
        default: the default's SQL text (``"0"``, ``"'open'"``, ``"CURRENT_TIMESTAMP"``), or None.
        generated: whether the database computes the value (generated column).
        automatic: whether the database fills the value in when it is left out (integer keys).
    """

    name: str
    kind: str
    declared: str
    null: bool = True
    default: str | None = None
    primary_key: bool = False
    automatic: bool = False
    generated: bool = False
    limit: int | None = None
    precision: int | None = None
    scale: int | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """An index of a table. *columns* is empty for an expression index."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    where: str | None = None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key; *on_delete* as the database spells it (``"NO ACTION"``, ``"CASCADE"``, …)."""

    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]
    on_delete: str = "NO ACTION"
    on_update: str = "NO ACTION"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: columns in their order, primary key, indexes and foreign keys."""

    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    _by_name: dict[str, Column] = field(
        init=False, repr=False, compare=False, hash=False, default_factory=dict[str, Column]
    )

    def __post_init__(self) -> None:
        self._by_name.update((column.name, column) for column in self.columns)

    def column(self, name: str) -> Column | None:
        """The column called *name*, or None."""
        return self._by_name.get(name)

    def laid_out_like(self, other: Table) -> Table:
        """It with the columns of *other* in their places, and its own others behind them."""
        more = [one for one in self.columns if other.column(one.name) is None]
        return replace(self, columns=(*other.columns, *more))


@dataclass(frozen=True, slots=True)
class FollowingKey:
    """A foreign key as far as the rows of *table* follow those of *to_table*."""

    table: str
    to_table: str
    on_delete: str
    on_update: str


@dataclass(frozen=True, slots=True)
class Reactions:
    """What the database does on its own when rows change.

    Attributes:
        names: all tables and views.
        views: those of them that are views.
        triggered: the tables whose changes change nobody knows what: they have triggers or rules,
            or share rows with other tables (partitions).
        keys: the foreign keys between tables.
    """

    names: frozenset[str]
    views: frozenset[str]
    triggered: frozenset[str]
    keys: tuple[FollowingKey, ...]
