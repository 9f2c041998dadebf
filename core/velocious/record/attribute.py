"""Attributes: descriptors that decode a value when it is read.

Law: a record keeps the driver's row tuple as it came. Reading decodes one value, assigning goes to
an overlay, and nothing is copied per row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from velocious.errors import (
    AttributeNotSelectedError,
    RecordError,
    UnknownAttributeError,
)
from velocious.query.expressions import ColumnExpression
from velocious.record.schema import NOT_SELECTED
from velocious.record.state import NEW

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.record.record import Record
    from velocious.record.schema import AttributeSchema
    from velocious.sql.types import ColumnType


#: What decoding raises for a stored value that is not of the column's type.
UNREADABLE = (ValueError, TypeError, ArithmeticError)


def unreadable(model: str, name: str, column_type: ColumnType, value: Any) -> RecordError:
    """The error for a stored *value* that cannot be decoded."""
    shown = repr(value)
    shown = shown if len(shown) <= 80 else shown[:77] + "..."
    return RecordError(
        f"{model}#{name} holds {shown}, which does not fit a column of type {column_type.kind}. It "
        f"takes {column_type.takes}. Another program must have written it: correct it with an "
        "UPDATE, or change the column's type in a migration."
    )


class Attribute[T]:
    """A column of a model's table.

    ``Task.name`` is a column expression, ``task.name`` the value. Declare it for editors and type
    checkers:
    ``name: Attribute[str]``; at run time attributes come from the table.
    """

    __slots__ = ("cast", "decode", "index", "name", "native", "type")

    def __init__(self, schema: AttributeSchema) -> None:
        self.name = schema.name
        self.index = schema.index
        self.type = schema.type
        self.cast = schema.type.cast
        self.decode = schema.type.decode
        self.native = schema.type.native

    @overload
    def __get__(self, record: None, owner: type[Record]) -> ColumnExpression: ...

    @overload
    def __get__(self, record: Record, owner: type[Record]) -> T: ...

    def __get__(self, record: Any, owner: type[Record]) -> Any:
        try:
            assigned = record._assigned
        except AttributeError:
            # Free where nothing is raised, unlike a look at each reading.
            if record is not None:
                raise
            return ColumnExpression(owner, self.name)
        if assigned is not None and self.name in assigned:
            return assigned[self.name]
        try:
            value = record._row[self.index]
        except IndexError:
            raise _of_another_home(record, self.name) from None
        if value is NOT_SELECTED:
            raise AttributeNotSelectedError(type(record).__name__, self.name)
        return value

    def __set__(self, record: Record, value: T | None) -> None:
        assigned = record._assigned
        if assigned is None:
            assigned = record._assigned = {}
        given: Any = value
        if given is not None and type(given) not in self.native:
            given = self.cast(given)
        assigned[self.name] = given


class DecodedAttribute(Attribute[Any]):
    """An attribute whose stored value differs from its Python value."""

    __slots__ = ()

    # Written out, without super(): reading is the hottest path of all.
    def __get__(self, record: Record | None, owner: type[Record]) -> Any:
        if record is None:
            return ColumnExpression(owner, self.name)
        assigned = record._assigned
        if assigned is not None and self.name in assigned:
            return assigned[self.name]
        try:
            value = record._row[self.index]
        except IndexError:
            raise _of_another_home(record, self.name) from None
        if value is None:
            return None
        if value is NOT_SELECTED:
            raise AttributeNotSelectedError(type(record).__name__, self.name)
        try:
            return self.decode(value)
        except UNREADABLE as error:
            raise unreadable(type(record).__name__, self.name, self.type, value) from error


class MutableAttribute(DecodedAttribute):
    """An attribute whose value can change in place: the value that was read is kept, and compared
    when saving.
    """

    __slots__ = ()

    def __get__(self, record: Record | None, owner: type[Record]) -> Any:
        value = super().__get__(record, owner)
        if record is not None and value is not None:
            if record._assigned is None:
                record._assigned = {}
            record._assigned[self.name] = value
        return value


class ForeignKeyAttribute(DecodedAttribute):
    """The key of ``belongs_to`` relationships: a new key drops the old one's record."""

    __slots__ = ("relationships",)

    def __init__(self, schema: AttributeSchema, relationships: tuple[str, ...]) -> None:
        super().__init__(schema)
        self.relationships = relationships

    def __set__(self, record: Record, value: Any) -> None:
        super().__set__(record, value)
        related = record._related
        if related:
            for name in self.relationships:
                if name in related and not self._leads_to(related[name], name, record):
                    del related[name]

    def _leads_to(self, loaded: Record | None, name: str, record: Record) -> bool:
        if loaded is None or loaded._state == NEW:
            return False
        return type(record)._definition.relationships[name].leads_to(record, loaded)


class AbsentAttribute:
    """In place of an attribute of a parent's table that a model's own table does not have."""

    __slots__ = ("name", "native")

    def __init__(self, name: str) -> None:
        self.name = name
        self.native: frozenset[type] = frozenset()

    def __get__(self, record: Record | None, owner: type[Record]) -> Any:
        raise UnknownAttributeError(owner.__name__, self.name, _known(owner))

    def __set__(self, record: Record, value: Any) -> None:
        raise UnknownAttributeError(type(record).__name__, self.name, _known(type(record)))


def _of_another_home(record: Record, name: str) -> UnknownAttributeError:
    """For an attribute that only records behind a backend have, where a class has both."""
    known = [one for one in _known(type(record)) if one != name]
    return UnknownAttributeError(type(record).__name__, name, known)


def _known(model: type[Record]) -> Iterable[str]:
    schema = model._definition.schema
    return schema.attributes if schema else ()


def attribute_for(schema: AttributeSchema, relationships: tuple[str, ...]) -> Attribute[Any]:
    """The descriptor that suits a column; *relationships* are those whose key it holds."""
    if relationships:
        return ForeignKeyAttribute(schema, relationships)
    if schema.type.mutable:
        return MutableAttribute(schema)
    return DecodedAttribute(schema) if schema.type.decodes else Attribute(schema)
