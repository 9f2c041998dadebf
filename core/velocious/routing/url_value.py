"""What a value is called in an address.

Law: no value is written by accident: what has no clear text raises.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from velocious.errors import UrlError

_PLAIN = (int, float, Decimal, UUID)


def value_text(value: Any, what: str) -> str:
    """The text of *value*; that of a record is its key, or what its ``to_param()`` returns.

    Raises:
        UrlError: it is None, empty, a record without a key, or something without a clear text;
            *what* says whose value it is.
    """
    if isinstance(value, str):
        text = value
    elif _has(value, "to_param") or _has(value, "primary_key_value"):
        text = _key_text(value, what)
    else:
        text = _plain_text(value, what)
    if not text:
        raise UrlError(f"{what} is empty.")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UrlError(f"{what} is {text!r}, which is no text: {error.reason}.") from error
    return text


def _has(value: Any, method: str) -> bool:
    # A model answers for names that it does not have with an error of its own.
    return any(method in vars(parent) for parent in type(value).__mro__)


def _key_text(value: Any, what: str) -> str:
    key = value.to_param() if _has(value, "to_param") else value.primary_key_value()
    if key is None:
        raise UrlError(
            f"{what} is {value!r}, which has no key yet. Save it first: `await record.save()`."
        )
    return key if isinstance(key, str) else _plain_text(key, what)


def _plain_text(value: Any, what: str) -> str:
    if isinstance(value, Enum):
        return value_text(value.value, what)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, _PLAIN):
        return str(value)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    raise UrlError(
        f"{what} is {value!r}, which has no text in an address. Give a text, a number, a date, a "
        "UUID, a record, or an object with a method to_param()."
    )
