"""Columns that point at rows of another table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypedDict

from velocious.errors import MigrationError, UnknownOptionError, suggestion
from velocious.migration.column_options import column_definition
from velocious.migration.index_name import foreign_key_name, index_name
from velocious.naming import pluralize
from velocious.sql.definitions import ForeignKeyDefinition, IndexDefinition

if TYPE_CHECKING:
    from velocious.sql.definitions import ColumnDefinition

ACTIONS = ("cascade", "restrict", "set null", "set default", "no action")


class ReferenceOptions(TypedDict, total=False):
    """What a reference may be given.

    Attributes:
        foreign_key: True for a foreign key to the table named after it (``project`` →
            ``projects``), or the name of another table.
        to_table: the same, said another way: a foreign key to that table.
        null: whether it may be NULL (it may, unless this is False).
        index: whether to index it (yes, unless this is False).
        unique: no two rows may point at the same one.
        polymorphic: adds ``<name>_type``, so that it can point at rows of several tables.
        type: the type of the column; with a foreign key it is by default that of the key it points
            at, else ``"bigint"``.
        comment: a note for readers of the schema, where the database keeps it.
        on_delete: ``"cascade"``, ``"restrict"``, ``"set null"``, ``"set default"`` or
            ``"no action"``.
        on_update: as on_delete, for a changed key.
    """

    foreign_key: bool | str
    to_table: str
    null: bool
    index: bool
    unique: bool
    polymorphic: bool
    type: str
    on_delete: str
    on_update: str
    comment: str


def reference(name: str, options: ReferenceOptions) -> Reference:
    """The reference called *name*.

    Raises:
        UnknownOptionError, MigrationError: for options that do not exist or make no sense.
    """
    known = ReferenceOptions.__annotations__
    for option in options:
        if option not in known:
            raise UnknownOptionError("A reference", option, known)
    if "to_table" in options:
        options = {**options, "foreign_key": options["to_table"]}
        del options["to_table"]
    given: dict[str, Any] = {
        "kind" if option == "type" else option: value for option, value in options.items()
    }
    return Reference(name, **given)


@dataclass(frozen=True, slots=True)
class Reference:
    """``t.references("project")``: the column ``project_id``; see :class:`ReferenceOptions`."""

    name: str
    foreign_key: bool | str = False
    null: bool = True
    index: bool = True
    unique: bool = False
    polymorphic: bool = False
    kind: str | None = None
    on_delete: str | None = None
    on_update: str | None = None
    comment: str | None = None

    def __post_init__(self) -> None:
        if self.polymorphic and self.foreign_key:
            raise MigrationError(
                f"The reference {self.name!r} is polymorphic, so it points at several tables and "
                "cannot have a foreign key. Leave out foreign_key= or polymorphic=."
            )
        if (self.on_delete or self.on_update) and not self.foreign_key:
            raise MigrationError(
                f"The reference {self.name!r} has on_delete or on_update but no foreign key. "
                "Add foreign_key=True."
            )

    @property
    def column_names(self) -> tuple[str, ...]:
        """Its columns as an index has them: the type first."""
        column = f"{self.name}_id"
        return (f"{self.name}_type", column) if self.polymorphic else (column,)

    def columns(self, table: str) -> list[ColumnDefinition]:
        """The columns to be made in *table*."""
        column = column_definition(f"{self.name}_id", self.kind or "bigint", {"null": self.null})
        key = self._foreign_key(table)
        follows = self.kind is None and key is not None
        columns = [replace(column, foreign_key=key, follows=follows, comment=self.comment)]
        if self.polymorphic:
            kind = column_definition(f"{self.name}_type", "string", {"null": self.null})
            columns.append(kind)
        return columns

    def indexes(self, table: str) -> list[IndexDefinition]:
        """The index to be made, if any."""
        if not (self.index or self.unique):
            return []
        name = index_name(table, self.column_names)
        return [IndexDefinition(name, table, self.column_names, unique=self.unique)]

    def _foreign_key(self, table: str) -> ForeignKeyDefinition | None:
        if not self.foreign_key:
            return None
        to_table = self.foreign_key if isinstance(self.foreign_key, str) else pluralize(self.name)
        column = f"{self.name}_id"
        return ForeignKeyDefinition(
            name=foreign_key_name(table, [column]),
            columns=(column,),
            to_table=to_table,
            on_delete=foreign_key_action(self.on_delete),
            on_update=foreign_key_action(self.on_update),
        )


def foreign_key_action(action: str | None) -> str | None:
    """*action* (``"cascade"``, ``"set null"``, …) as SQL has it.

    Raises:
        MigrationError: for one that does not exist.
    """
    if action is None:
        return None
    spelled = action.replace("_", " ").lower()
    if spelled not in ACTIONS:
        raise MigrationError(
            f"A foreign key cannot {action!r} its rows. {suggestion(spelled, ACTIONS)}"
        )
    return spelled.upper()
