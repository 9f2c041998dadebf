"""What a model's declarations give to rows that are inserted many at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import UnsupportedValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.record.schema import ModelSchema


def lacking_defaults(schema: ModelSchema, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns with a declared default that are not among *columns*."""
    declared = schema.model._definition.defaults
    if not declared:
        return ()
    # Defaults of virtual attributes have no place in a row.
    return tuple(name for name in declared if name not in columns and name in schema.attributes)


def default_column(schema: ModelSchema, name: str, count: int) -> Sequence[Any]:
    """The default of the column *name* for *count* rows, as it is stored; what a function makes is
    made for each.

    Raises:
        UnsupportedValueError: the column cannot hold it.
    """
    default = schema.model._definition.defaults[name]
    encode = schema.attributes[name].type.encode
    try:
        if callable(default):
            return [encode(default()) for _ in range(count)]
        return [encode(default)] * count
    except UnsupportedValueError as error:
        raise UnsupportedValueError(
            f"The default of {schema.model.__name__}.{name} cannot be stored: {error}"
        ) from error


def sample(model: Any, given: dict[str, Any]) -> Any:
    """A new record of what a row holds, to be validated; a state too, which events alone change."""
    setters = model._definition.default_setters
    states = {name: given[name] for name in setters if name in given} if setters else {}
    record = model(**{name: value for name, value in given.items() if name not in states})
    for name, value in states.items():
        setters[name](record, value)
    return record
