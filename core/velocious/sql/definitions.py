"""What a migration says about tables, as immutable values.

Law: nothing here is SQL text, except where the programmer wrote SQL himself (:func:`sql`, checks,
conditions).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Expression:
    """SQL to be computed by the database, in place of a value; see :func:`sql`."""

    text: str


def sql(text: str) -> Expression:
    """A default that the database computes: ``default=sql("CURRENT_TIMESTAMP")``.

    The text becomes part of the schema as it is, so it must never hold what a user typed.
    """
    return Expression(text)


#: The same, for those who look for it under this name.
expression = sql


class Missing(Enum):
    """Tells "no default" from "the default is None"."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING

type KeyType = Literal["integer", "bigint", "uuid"]


@dataclass(frozen=True, slots=True)
class ForeignKeyDefinition:
    """A column, or several, that point at rows of another table."""

    name: str
    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...] = ("id",)
    on_delete: str | None = None
    on_update: str | None = None
    validate: bool = True


@dataclass(frozen=True, slots=True)
class CheckDefinition:
    """A condition that must be true of every row.

    Attributes:
        condition: SQL; what follows the name of *column*, if there is one.
        validate: whether the rows that are there are looked at.
    """

    name: str
    condition: str
    validate: bool = True
    column: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnDefinition:
    """A column to be made.

    Attributes:
        kind: our name of the type (``"string"``).
        default: a value, an :class:`Expression`, or :data:`MISSING`.
        automatic: a key that the database counts up.
        check: SQL that must be true of every row.
        foreign_key: what it points at.
        follows: whether its type is that of the key it points at.
        array: whether it holds a list of values of its kind.
        binary_json: whether its JSON must be stored in the database's binary form.
        generated: SQL that the database computes the value with; *stored* for when the row is
            written, else when it is read.
    """

    name: str
    kind: str
    null: bool = True
    default: object = MISSING
    limit: int | None = None
    precision: int | None = None
    scale: int | None = None
    primary_key: bool = False
    automatic: bool = False
    check: str | None = None
    comment: str | None = None
    foreign_key: ForeignKeyDefinition | None = None
    follows: bool = False
    array: bool = False
    binary_json: bool = False
    collation: str | None = None
    generated: str | None = None
    stored: bool = True


@dataclass(frozen=True, slots=True)
class IndexDefinition:
    """An index to be made. A column may be an :class:`Expression`.

    Attributes:
        using: the method of the index (``"gin"``), where a database has several.
        concurrently: whether it is built while others write.
        descending: those of its columns that are sorted from the greatest on.
    """

    name: str
    table: str
    columns: tuple[str | Expression, ...]
    unique: bool = False
    where: str | None = None
    using: str | None = None
    concurrently: bool = False
    descending: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """A table to be made, with the indexes that come after it.

    Attributes:
        primary_key: the columns of the key, where it has several.
        options: what follows the columns, in place of the dialect's own.
    """

    name: str
    columns: tuple[ColumnDefinition, ...]
    foreign_keys: tuple[ForeignKeyDefinition, ...] = ()
    checks: tuple[CheckDefinition, ...] = ()
    indexes: tuple[IndexDefinition, ...] = ()
    if_not_exists: bool = False
    primary_key: tuple[str, ...] = ()
    comment: str | None = None
    options: str | None = None
