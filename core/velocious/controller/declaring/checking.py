"""Checks parameters against what an action declared.

Law: every wrong parameter is reported by its name, in one answer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

import fastjsonschema

from velocious.controller.body.body import described, is_json, media_type
from velocious.controller.body.uploads import UploadedFile
from velocious.controller.declaring.schemas import types_of
from velocious.controller.params import Params, reading
from velocious.errors import InvalidParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.requests import Request

    from velocious.controller.declaring.declaring import Declaration
    from velocious.controller.declaring.schemas import Schema

    type Mistake = tuple[str, str]

#: Formats that become values of Python, and are checked by becoming one.
_FORMATS: dict[str, Callable[[Any], Any]] = {
    "date": reading.to_date,
    "date-time": reading.to_datetime,
    "uuid": reading.to_uuid,
}
_CODES = {
    "minLength": "too_short",
    "maxLength": "too_long",
    "minimum": "too_small",
    "exclusiveMinimum": "too_small",
    "maximum": "too_large",
    "exclusiveMaximum": "too_large",
    "enum": "inclusion",
    "required": "missing",
}
_NOT_GIVEN: Any = object()


class Checker:
    """The checks of one action."""

    def __init__(self, declared: Declaration) -> None:
        self._query = [_Parameter(*one, declared) for one in declared.query.items()]
        self._body = [_Parameter(*one, declared) for one in declared.body.items()]
        self._path = [_Parameter(*one, declared) for one in declared.path.items()]

    def check(self, params: Params, request: Request) -> Params:
        """*params* with what is declared as its types.

        Raises:
            InvalidParameterError: with every mistake by name.
        """
        checked = params.copy()
        errors: dict[str, list[Mistake]] = {}
        is_text = not is_json(media_type(described(request.scope).content_type))
        for parameter, from_text in self._all(is_text):
            try:
                parameter.take(params, checked, from_text=from_text)
            except _WrongError as error:
                errors[parameter.name] = [error.mistake]
        if errors:
            raise InvalidParameterError(errors)
        return checked

    def _all(self, is_text: bool) -> Iterator[tuple[_Parameter, bool]]:
        for parameter in self._path:
            yield parameter, False
        for parameter in self._query:
            yield parameter, True
        for parameter in self._body:
            yield parameter, is_text


class _WrongError(Exception):
    """A value that does not fit, with what is wrong with it."""

    def __init__(self, code: str, message: str) -> None:
        self.mistake = (code, message)
        super().__init__(message)


class _Parameter:
    """One declared name: its schema, compiled."""

    def __init__(self, name: str, schema: Schema, declared: Declaration) -> None:
        # "tags[]" is sent, and "tags" is what it is then called.
        self.name = name.removesuffix("[]")
        self._schema = schema
        self._required = name in declared.required
        self._validate = _compiled(schema)

    def take(self, params: Params, checked: Params, *, from_text: bool) -> None:
        """Put the value into *checked*. Raises _WrongError."""
        value = params.get(self.name, _NOT_GIVEN)
        if value == "" and from_text and not _takes_text(self._schema):
            # What a form sends for a field that nobody filled in.
            value = None if "null" in types_of(self._schema) else _NOT_GIVEN
        if value is _NOT_GIVEN:
            self._missing(checked)
            return
        value = _from_text(value, self._schema) if from_text else value
        self._check(value)
        checked[self.name] = _typed(value, self._schema)

    def _missing(self, checked: Params) -> None:
        checked.pop(self.name, None)
        if "default" in self._schema:
            checked[self.name] = self._schema["default"]
        elif self._required:
            raise _WrongError("missing", "is missing")

    def _check(self, value: Any) -> None:
        try:
            self._validate(_plain(value))
        except fastjsonschema.JsonSchemaValueException as error:
            raise _wrong(error) from error


def _compiled(schema: Schema) -> Callable[[Any], Any]:
    return fastjsonschema.compile(_of_json(schema), use_default=False)


def _of_json(schema: Any) -> Any:
    """*schema* without files, which are no JSON: they are checked by hand."""
    if isinstance(schema, list):
        return [_of_json(one) for one in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    given = cast("Schema", schema)
    if given.get("format") == "binary":
        return {}
    return {name: _of_json(one) for name, one in given.items()}


def _wrong(error: fastjsonschema.JsonSchemaValueException) -> _WrongError:
    rule = str(error.rule or "invalid")
    said = str(error.message).partition(" ")[2]
    inside = ".".join(str(one) for one in error.path[1:])
    code = _CODES.get(rule) or re.sub(r"(?<!^)([A-Z])", r"_\1", rule).lower()
    return _WrongError(code, f"{inside} {said}" if inside else said)


def _plain(value: Any) -> Any:
    """*value* with plain dictionaries: a validator reads their keys."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_plain(one) for one in cast("list[Any]", value)]
    return value


# Text of queries and forms


def _takes_text(schema: Schema) -> bool:
    types = types_of(schema)
    return not types or ("string" in types and schema.get("format") not in _FORMATS)


def _from_text(value: Any, schema: Schema) -> Any:
    """*value* as the type of *schema*, where its text is that of one; else as it came."""
    if isinstance(value, str):
        return _scalar(value, types_of(schema))
    if isinstance(value, list):
        return [_from_text(one, schema.get("items", {})) for one in cast("list[Any]", value)]
    if isinstance(value, dict):
        known: dict[str, Any] = schema.get("properties", {})
        given = cast("dict[str, Any]", value)
        return Params({name: _from_text(one, known.get(name, {})) for name, one in given.items()})
    return value


def _scalar(text: str, types: tuple[str, ...]) -> Any:
    if "string" in types:
        return text
    if not text and "null" in types:
        return None
    for name, convert in _CONVERTERS:
        if name in types:
            try:
                return convert(text)
            except ValueError:
                continue
    return text


def _number(text: str) -> float:
    return float(reading.to_decimal(text))


_CONVERTERS: tuple[tuple[str, Callable[[str], Any]], ...] = (
    ("integer", reading.to_integer),
    ("number", _number),
    ("boolean", reading.to_boolean),
)


def _typed(value: Any, schema: Schema) -> Any:
    """*value* with texts of dates, instants and UUIDs as such. Raises _WrongError."""
    if isinstance(value, dict):
        known: dict[str, Any] = schema.get("properties", {})
        given = cast("dict[str, Any]", value)
        return Params({name: _typed(one, known.get(name, {})) for name, one in given.items()})
    if isinstance(value, list):
        return [_typed(one, schema.get("items", {})) for one in cast("list[Any]", value)]
    if schema.get("format") == "binary" and not isinstance(value, UploadedFile):
        raise _WrongError("type", "must be a file")
    if isinstance(value, str) and schema.get("format") in _FORMATS:
        try:
            return _FORMATS[schema["format"]](value)
        except ValueError as error:
            raise _WrongError("format", str(error)) from error
    if isinstance(value, float) and types_of(schema) == ("integer",):
        return int(value)
    return value
