"""Reads single parameters as a type."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from uuid import UUID

from velocious.controller.params.params import MISSING
from velocious.errors import InvalidParameterError, MissingParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from velocious.controller.params.params import Params

_TRUE = frozenset({"true", "1", "on", "yes", "t", "y"})
_FALSE = frozenset({"false", "0", "off", "no", "f", "n"})
_INTEGER = re.compile(r"[+-]?[0-9]{1,100}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,100}(\.[0-9]{1,100})?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.{0,40}", re.ASCII)


def read_text(
    params: Params, name: str, default: Any, maximum: int | None, choices: Collection[str]
) -> str:
    """See :meth:`Params.text`."""
    if name not in params and default is not MISSING:
        return default
    value = params[name]
    if not isinstance(value, str):
        raise invalid(name, "type", "must be a text")
    if maximum is not None and len(value) > maximum:
        raise invalid(name, "too_long", f"must have at most {maximum} characters")
    if choices and value not in choices:
        raise invalid(name, "inclusion", f"must be one of {', '.join(choices)}")
    return value


def read_integer(
    params: Params, name: str, default: Any, minimum: int | None, maximum: int | None
) -> int:
    """See :meth:`Params.integer`."""
    value = _read(params, name, default, to_integer)
    return value if value is default else _within(name, value, minimum, maximum)


def read_decimal(params: Params, name: str, default: Any, minimum: Any, maximum: Any) -> Decimal:
    """See :meth:`Params.decimal`."""
    value = _read(params, name, default, to_decimal)
    return value if value is default else _within(name, value, minimum, maximum)


def read_boolean(params: Params, name: str, default: Any) -> bool:
    """See :meth:`Params.boolean`."""
    return _read(params, name, default, to_boolean)


def read_date(params: Params, name: str, default: Any) -> date:
    """See :meth:`Params.date`."""
    return _read(params, name, default, to_date)


def read_datetime(params: Params, name: str, default: Any) -> datetime:
    """See :meth:`Params.datetime`."""
    return _read(params, name, default, to_datetime)


def read_uuid(params: Params, name: str, default: Any) -> UUID:
    """See :meth:`Params.uuid`."""
    return _read(params, name, default, to_uuid)


def _read(params: Params, name: str, default: Any, convert: Callable[[Any], Any]) -> Any:
    value = params.get(name, "")
    if value is None or value == "":
        if default is not MISSING:
            return default
        raise MissingParameterError(name, params)
    try:
        return convert(value)
    except ValueError as error:
        raise invalid(name, "type", str(error)) from error


def _within(name: str, value: Any, minimum: Any, maximum: Any) -> Any:
    if minimum is not None and value < minimum:
        raise invalid(name, "too_small", f"must be {minimum} or more")
    if maximum is not None and value > maximum:
        raise invalid(name, "too_large", f"must be {maximum} or less")
    return value


def invalid(name: str, code: str, message: str) -> InvalidParameterError:
    """The error for one wrong parameter."""
    return InvalidParameterError({name: [(code, message)]})


# From text, and from what JSON has. Each raises ValueError, whose message completes "name …".


def to_integer(value: Any) -> int:
    """A whole number of at most 100 digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        return int(value)
    raise ValueError("must be a whole number")


def to_decimal(value: Any) -> Decimal:
    """An exact number."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return Decimal(str(value))
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        try:
            return Decimal(value.strip())
        except InvalidOperation:
            pass
    raise ValueError("must be a number")


def to_boolean(value: Any) -> bool:
    """A truth value."""
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueError("must be true or false")


def to_date(value: Any) -> date:
    """A day."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("must be a date such as 2026-03-31")


def to_datetime(value: Any) -> datetime:
    """An instant with a time zone."""
    if isinstance(value, str) and _DATETIME.fullmatch(value):
        try:
            found = datetime.fromisoformat(value)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise ValueError("must be an instant such as 2026-03-31T12:30:00Z")


def to_uuid(value: Any) -> UUID:
    """A UUID."""
    if isinstance(value, UUID):
        return value
    if isinstance(value, str) and len(value) == 36:
        try:
            return UUID(value)
        except ValueError:
            pass
    raise ValueError("must be a UUID")
