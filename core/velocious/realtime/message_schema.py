"""JSON Schema for messages: compiled once, and silent about the values that do not fit.

Law: what a client is told names the place and the rule, never the value. Compiling reads nothing
but the schema itself: no file, no address.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import ConfigurationError, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fastjsonschema import JsonSchemaValueException

#: Letters of a place that a client is told: it may have chosen some of the names in it.
_LONGEST_PLACE = 100


class MessageSchema:
    """A compiled schema (draft 7, or what its ``$schema`` says).

    Raises:
        ConfigurationError: it is no JSON Schema, or refers to something outside of it.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        # Imported here: messages without a schema need none of it.
        import fastjsonschema

        plain = dict(schema)
        _refuse_foreign(plain)
        try:
            self._check = cast("Callable[[Any], Any]", fastjsonschema.compile(plain))
        except (fastjsonschema.JsonSchemaDefinitionException, *_NOT_A_SCHEMA) as error:
            raise ConfigurationError(
                f"This is no JSON Schema: {str(error) or type(error).__name__}. It was: "
                f"{str(plain)[:200]}"
            ) from error
        self._failure = fastjsonschema.JsonSchemaValueException
        # Defaults are filled in where the data lies, and the data is the caller's.
        self._copies = any("default" in one for one in _objects(plain))

    def validate(self, data: Any) -> Any:
        """*data* with the schema's defaults; *data* itself stays as it is.

        Raises:
            Fault: ``validation_failed`` (422), with the place and what is wrong there.
        """
        try:
            return self._check(_copied(data) if self._copies else data)
        except self._failure as error:
            raise _fault(_place(error.path), _wrong(error)) from error
        except _NOT_CHECKABLE as error:
            # Numbers beyond what divides, or deeper than Python goes.
            raise _fault("data", "cannot be checked") from error


_NOT_A_SCHEMA = (AttributeError, KeyError, TypeError, ValueError, RecursionError, re.error)
_NOT_CHECKABLE = (ArithmeticError, ValueError, RecursionError)


def _fault(place: str, problem: str) -> Fault:
    return Fault("validation_failed", f"{place}: {problem}", status=422)


def _place(path: Sequence[Any]) -> str:
    place = ".".join(map(str, path)) or "data"
    return place if len(place) <= _LONGEST_PLACE else f"{place[:_LONGEST_PLACE]}…"


# What is wrong, by the rule of the schema


def _wrong(error: JsonSchemaValueException) -> str:
    rule, wanted = str(error.rule), error.rule_definition
    if rule == "required":
        return _missing(wanted, error.value)
    if rule == "type":
        return f"must be of the type {_either(wanted)}"
    said = _SAID.get(rule)
    return f"breaks the rule `{rule}`" if said is None else said.format(wanted)


def _missing(names: Sequence[str], value: Any) -> str:
    lacking = [f"`{name}`" for name in names if name not in value]
    return f"lacks {', '.join(lacking)}"


def _either(types: str | Sequence[str]) -> str:
    return types if isinstance(types, str) else " or ".join(types)


_SAID = {
    "additionalProperties": "has a property that nobody reads",
    "enum": "is none of the values that are allowed",
    "const": "is not the value that is allowed",
    "minLength": "must have at least {} letters",
    "maxLength": "must have at most {} letters",
    "minItems": "must have at least {} items",
    "maxItems": "must have at most {} items",
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "exclusiveMinimum": "must be more than {}",
    "exclusiveMaximum": "must be less than {}",
    "multipleOf": "must be a multiple of {}",
    "format": "must have the format {}",
    "uniqueItems": "has an item twice",
}


# The schema, before it is compiled


def _refuse_foreign(schema: Any) -> None:
    """A reference elsewhere would be fetched, by whoever imports the module."""
    for one in _objects(schema):
        target = one.get("$ref")
        if isinstance(target, str) and not target.startswith("#"):
            raise ConfigurationError(
                f"The schema refers to {target!r}, outside of itself. Put what it needs under "
                '"definitions" and write {"$ref": "#/definitions/…"}.'
            )


def _objects(schema: Any) -> Iterator[dict[str, Any]]:
    """*schema* and every object in it."""
    if isinstance(schema, dict):
        found = cast("dict[str, Any]", schema)
        yield found
        inside: Any = found.values()
    elif isinstance(schema, list | tuple):
        inside = cast("Sequence[Any]", schema)
    else:
        return
    for one in inside:
        yield from _objects(one)


def _copied(data: Any) -> Any:
    """*data* with lists and objects of its own."""
    if isinstance(data, dict):
        return {name: _copied(one) for name, one in cast("dict[str, Any]", data).items()}
    if isinstance(data, list):
        return [_copied(one) for one in cast("list[Any]", data)]
    return data
