"""``status = attribute(default="open")``: defaults, types and virtual attributes of a model.

Law: a default is a value the record was given, as if by its caller: it is saved, validated and part
of its changes.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Self, overload

from velocious.errors import ConfigurationError, UnknownOptionError
from velocious.record.declaration import Declaration
from velocious.sql.types import COLUMN_TYPES

if TYPE_CHECKING:
    from velocious.record.definition import Definition
    from velocious.record.record import Record
    from velocious.sql.types import ColumnType

_NONE: Any = object()


class VirtualAttribute[T]:
    """An attribute without a column: it lives as long as the object."""

    __slots__ = ("name", "native", "type")

    def __init__(self, name: str, type: ColumnType) -> None:
        self.name = name
        self.type = type
        # A column of this name takes its place when the table is read.
        self.native: frozenset[type] = frozenset()

    @overload
    def __get__(self, record: None, owner: type[Record]) -> Self: ...

    @overload
    def __get__(self, record: Record, owner: type[Record]) -> T: ...

    def __get__(self, record: Record | None, owner: type[Record]) -> Any:
        if record is None:
            return self
        return extras(record).get(self.name)

    def __set__(self, record: Record, value: T) -> None:
        extras(record)[self.name] = None if value is None else self.type.cast(value)


def extras(record: Record) -> dict[str, Any]:
    """What *record* keeps beside its row; records that came from a query start without it."""
    try:
        return record._extras
    except AttributeError:
        kept = record._extras = {}
        return kept


class AttributeDeclaration(Declaration):
    """See :func:`attribute`."""

    def __init__(self, default: Any, type: ColumnType | None, virtual: bool) -> None:
        self.default = default
        self.type = type
        self.virtual = virtual

    def declare(self, definition: Definition, name: str) -> None:
        if self.default is not _NONE:
            definition.defaults[name] = self.default
        if self.virtual:
            setattr(
                definition.model, name, VirtualAttribute(name, self.type or COLUMN_TYPES["any"])
            )
        elif self.type is not None:
            definition.types[name] = self.type


def attribute(
    *, default: Any = _NONE, type: ColumnType | str | None = None, virtual: bool = False
) -> Any:
    """Declare more of an attribute than its table tells::

        status: Attribute[str] = attribute(default="open")
        token: Attribute[str] = attribute(default=make_token)
        price: Attribute[Money] = attribute(type=MoneyType())
        terms: Attribute[bool | None] = attribute(virtual=True, type="boolean")

    *default* is for new records that are not given the attribute: a value (lists and dicts are
    copied), or a function without arguments. *type* is a kind's name, or a
    :class:`velocious.sql.types.ColumnType` of your own. *virtual* is for attributes without a
    column.

    Raises:
        UnknownOptionError: for a type that does not exist, with close matches.
    """
    return AttributeDeclaration(default, _known_type(type), virtual)


def add_virtual(definition: Definition, name: str) -> None:
    """Give the model the virtual attribute *name*, unless it has an attribute of that name."""
    if not any(hasattr(vars(base).get(name), "__set__") for base in definition.model.__mro__):
        setattr(definition.model, name, VirtualAttribute(name, COLUMN_TYPES["any"]))


def apply_defaults(record: Record, definition: Definition, given: Any) -> None:
    """Give a new *record* the defaults of attributes that are not *given*."""
    for name, default in definition.defaults.items():
        # What may not be assigned has its default even where the caller names it.
        if name not in given or name in definition.default_setters:
            value = default() if callable(default) else deepcopy(default)
            setter = definition.default_setters.get(name) or definition.setters.get(name)
            if setter is None:
                raise ConfigurationError(
                    f"{type(record).__name__}.{name} has a default, but the table "
                    f"{definition.table_name!r} has no such column. Add the column in a migration, "
                    "or declare it with attribute(virtual=True, …)."
                )
            setter(record, value)


def _known_type(given: ColumnType | str | None) -> ColumnType | None:
    if not isinstance(given, str):
        return given
    if given not in COLUMN_TYPES:
        raise UnknownOptionError("attribute(type=…)", given, COLUMN_TYPES)
    return COLUMN_TYPES[given]
