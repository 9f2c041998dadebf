"""Tells the mistakes of clients from ours, where a value of a request went unread into a query or
a redirect.

Law: only what the request holds as it stands is the client's doing; everything else stays an error
of the application.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import (
    InvalidParameterError,
    RedirectError,
    UnknownFilterError,
    UnsupportedValueError,
)

if TYPE_CHECKING:
    from velocious.controller.params.params import Params

logger = logging.getLogger("velocious.params")


def clients_mistake(error: Exception, params: Params) -> InvalidParameterError | None:
    """What to answer to *error*, with 400, if one of *params* caused it; None if we did."""
    if isinstance(error, UnsupportedValueError):
        name = _name_of(error.value, params)
    elif isinstance(error, RedirectError):
        name = _name_of(error.address, params)
    elif isinstance(error, UnknownFilterError):
        name = _holds_name(error.given, params)
    else:
        return None
    if name is None:
        return None
    logger.info("The parameter %r does not fit what it is used for: %s", name, error)
    mistake = ("unfit", "does not fit what it is used for")
    return InvalidParameterError({name: [mistake]}, status=400)


def _name_of(value: Any, params: Params) -> str | None:
    """What *value* is called in *params*, the names around it in brackets; None if it is not there.

    A number or text may be another object of the same type and value by then.
    """
    waiting: list[tuple[str, Any]] = list(params.items())
    for name, one in waiting:
        if one is value or (type(one) is type(value) and one == value) or _lists(one, value):
            return name
        if isinstance(one, dict):
            inner = cast("dict[str, Any]", one)
            waiting.extend((f"{name}[{key}]", member) for key, member in inner.items())
        elif isinstance(one, list):
            waiting.extend((f"{name}[]", member) for member in cast("list[Any]", one))
    return None


def _lists(text: Any, value: Any) -> bool:
    """Whether *value* is one of those that *text* holds between commas, as a search takes them."""
    if not (isinstance(text, str) and isinstance(value, str)) or "," not in text:
        return False
    return value in [one.strip() for one in text.split(",")]


def _holds_name(given: str, params: Params) -> str | None:
    """*given*, where a client chose it as a name, or as what to sort by."""
    waiting: list[Any] = [params]
    for one in waiting:
        if isinstance(one, dict):
            inner = cast("dict[str, Any]", one)
            if given in inner:
                return given
            waiting.extend(inner.values())
        elif isinstance(one, list):
            waiting.extend(cast("list[Any]", one))
        elif isinstance(one, str) and given in one.replace(",", " ").split():
            return given
    return None
