"""``status = enum(["open", "done"])``: an attribute with a few known values.

Law: what is stored is text, or an integer where a mapping says which; a value nobody declared is
neither written nor read silently.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from velocious.errors import ConfigurationError
from velocious.naming import underscore
from velocious.record.declaration import Declaration, add_member, limit_values
from velocious.record.scope import Scope
from velocious.sql.types import ColumnType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.database.schema import Column
    from velocious.record.definition import Definition

#: Kinds of columns that hold an enum's place in its list instead of its name.
NUMBERS = ("integer", "bigint")


class EnumType(ColumnType):
    """The values of one enum, and what is stored for each."""

    kind: ClassVar[str] = "enum"
    decodes: ClassVar[bool] = True

    def __init__(self, stored: Mapping[Any, Any]) -> None:
        self.stored = dict(stored)
        self.values = {stored: value for value, stored in self.stored.items()}
        self.takes = f"one of {', '.join(repr(value) for value in self.stored)}"  # pyright: ignore[reportAttributeAccessIssue]

    def cast(self, value: Any) -> Any:
        if not isinstance(value, str | int | Enum) or isinstance(value, bool):
            return value
        if value in self.stored:
            return value
        found = next((one for one in self.stored if _name(one) == value), None)
        if found is not None:
            return found
        # Forms bring "" for nothing, and programs the stored value.
        return None if value == "" else self.values.get(value, value)

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, str | int | Enum) or value not in self.stored:
            raise self.refusal(value)
        return self.stored[value]

    def decode(self, value: Any) -> Any:
        try:
            return self.values[value]
        except KeyError:
            raise ValueError(f"{value!r} is no value of the enum") from None


class EnumDeclaration(Declaration):
    """See :func:`enum`."""

    def __init__(self, values: Any, default: Any, prefix: bool | str) -> None:
        self.values = _listed(values)
        pairs = cast("Mapping[Any, Any]", values) if isinstance(values, Mapping) else None
        self.given: Any = None if pairs is None else dict(pairs)
        self.default = default
        self.prefix = prefix

    def declare(self, definition: Definition, name: str) -> None:
        definition.types[name] = self._type
        if self.default is not None:
            self._check_default(definition, name)
            definition.defaults[name] = self.default
        limit_values(definition, name, self.values, allow_none=True)
        for value, member in self.member_names(name):
            _add_members(definition, name, member, value)

    def member_names(self, name: str) -> list[tuple[Any, str]]:
        """Each value, and what the members of a model call it."""
        prefix = f"{name}_" if self.prefix is True else f"{self.prefix}_" if self.prefix else ""
        return [(value, prefix + underscore(_name(value))) for value in self.values]

    def _type(self, column: Column) -> EnumType:
        if self.given is not None:
            return EnumType(self.given)
        if column.kind in NUMBERS:
            return EnumType({value: place for place, value in enumerate(self.values)})
        return EnumType({value: _stored(value) for value in self.values})

    def _check_default(self, definition: Definition, name: str) -> None:
        if not callable(self.default) and self.default not in self.values:
            raise ConfigurationError(
                f"{definition.model.__name__}.{name} has the default {self.default!r}, which is "
                f"none of its values. They are {', '.join(map(repr, self.values))}."
            )


def enum(values: Any, *, default: Any = None, prefix: bool | str = False) -> Any:
    """An attribute that takes a few values: a list, a mapping of value → what is stored, or a
    Python ``Enum``::

        status: Attribute[str] = enum(["open", "done"], default="open")

    ``task.is_done`` asks, ``await task.mark_done()`` assigns and saves, ``Task.done()`` and
    ``Task.not_done()`` are scopes. *prefix* puts the attribute's name (True) or a name of yours in
    front: ``is_status_done``. An integer column stores the place in the list: append only.

    Raises:
        ConfigurationError: for values that are no names, or names the model has for other things.
    """
    return EnumDeclaration(values, default, prefix)


def _add_members(definition: Definition, attribute: str, name: str, value: Any) -> None:
    def is_value(record: Any) -> bool:
        return bool(record.read(attribute) == value)

    async def mark(record: Any) -> Any:
        return await record.update({attribute: value})

    chosen = partial(_where, {attribute: value}, negated=False)
    others = partial(_where, {attribute: value}, negated=True)
    add_member(definition, f"is_{name}", property(is_value), attribute)
    add_member(definition, f"mark_{name}", mark, attribute)
    for scope_name, function in ((name, chosen), (f"not_{name}", others)):
        definition.scopes[scope_name] = function
        add_member(definition, scope_name, Scope(function), attribute)


def _where(conditions: dict[str, Any], query: Any, *, negated: bool) -> Any:
    return query.where_not(conditions) if negated else query.where(conditions)


def _listed(values: Any) -> Sequence[Any]:
    listed: list[Any] = [] if isinstance(values, str) else list(values)
    names = [_name(value) for value in listed]
    wrong = [name for name in names if not str(name).replace("-", "_").isidentifier()]
    if not listed or wrong or len(set(names)) < len(names):
        raise ConfigurationError(
            f"enum({values!r}) has no usable values. Give names, each once: "
            'enum(["open", "done"]), or {"open": 1, "done": 2}, or an Enum class.'
        )
    stored = cast("Mapping[Any, Any]", values).values() if isinstance(values, Mapping) else listed
    if len(set(stored)) < len(listed):
        raise ConfigurationError(f"enum({values!r}) stores the same for two values.")
    return listed


def _name(value: Any) -> Any:
    return value.name.lower() if isinstance(value, Enum) else value


def _stored(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
