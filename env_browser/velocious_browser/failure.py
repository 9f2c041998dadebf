"""Exceptions, as a page gets them.

Law: a traceback never leaves Python in production: it shows paths and lines of the application.
"""

from __future__ import annotations

import traceback
from typing import Any

from velocious.errors import ValidationError, WireError
from velocious.wire import encode

#: Of a chain of causes; what lies deeper helps nobody.
_CAUSES = 8


def describe(error: BaseException, *, with_traceback: bool) -> str:
    """What ``RemoteError`` of failure.mjs is made of, as text of :mod:`velocious.wire`."""
    return encode(_described(error, with_traceback=with_traceback, causes=_CAUSES))


def _described(error: BaseException, *, with_traceback: bool, causes: int) -> dict[str, Any]:
    code = getattr(error, "code", None)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    inner: dict[str, Any] | None = None
    if cause is not None and causes > 0:
        inner = _described(cause, with_traceback=with_traceback, causes=causes - 1)
    lines = traceback.format_exception(error) if with_traceback else []
    return {
        "name": type(error).__name__,
        "code": code if isinstance(code, str) else None,
        "message": str(error),
        "details": _details(error),
        "traceback": "".join(lines) or None,
        "cause": inner,
    }


def _details(error: BaseException) -> Any:
    """What the error says in data: its ``details``, or what is wrong with a record's attributes."""
    if isinstance(error, ValidationError):
        return error.errors.to_data()
    details = getattr(error, "details", None)
    try:
        encode(details)
    except WireError:
        return repr(details)
    return details
