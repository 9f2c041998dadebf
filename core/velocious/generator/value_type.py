"""What a type checker should take the value of an attribute for."""

from __future__ import annotations

from keyword import iskeyword
from typing import TYPE_CHECKING, Any, get_type_hints

from velocious.generator.imports import add_import
from velocious.record.enums import EnumType
from velocious.sql.types import COLUMN_TYPES

if TYPE_CHECKING:
    from velocious.generator.imports import Imports
    from velocious.sql.types import ColumnType

#: Kind of column → Python type, and the module it is imported from.
_TYPES = {
    "string": ("str", ""),
    "text": ("str", ""),
    "integer": ("int", ""),
    "bigint": ("int", ""),
    "float": ("float", ""),
    "decimal": ("Decimal", "decimal"),
    "boolean": ("bool", ""),
    "date": ("date", "datetime"),
    "time": ("time", "datetime"),
    "datetime": ("datetime", "datetime"),
    "binary": ("bytes", ""),
    "uuid": ("UUID", "uuid"),
}
ANYTHING = ("Any", "typing")


def value_type(column_type: ColumnType, imports: Imports, *, optional: bool) -> str:
    """The annotation of a value of *column_type*; what it needs is added to *imports*."""
    name, module = _name_and_module(column_type)
    if module:
        add_import(imports, module, name)
    return f"{name} | None" if optional and name != "Any" else name


def can_be_named(name: str) -> bool:
    """Whether a class body can name *name*; columns are called as they like."""
    return name.isidentifier() and not iskeyword(name)


def _name_and_module(column_type: ColumnType) -> tuple[str, str]:
    if isinstance(column_type, EnumType):
        kinds: set[type] = {type(value) for value in column_type.stored}
        return _class(next(iter(kinds))) if len(kinds) == 1 else ANYTHING
    # A type bound to a dialect is a copy of the standard one.
    if type(COLUMN_TYPES.get(column_type.kind)) is type(column_type):
        return _TYPES.get(column_type.kind, ANYTHING)
    return _class(_decoded(column_type))


def _decoded(column_type: ColumnType) -> Any:
    """What an application's own type says that its values are."""
    try:
        return get_type_hints(type(column_type).decode).get("return")
    except NameError:
        # The name is imported for type checkers alone.
        return None


def _class(kind: Any) -> tuple[str, str]:
    if not isinstance(kind, type) or "." in kind.__qualname__:
        return ANYTHING
    if kind.__module__ == "builtins":
        return (kind.__name__, "") if kind is not object else ANYTHING
    return kind.__name__, kind.__module__
