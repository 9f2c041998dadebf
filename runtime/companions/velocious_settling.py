"""Awaits for JavaScript, and describes what failed while it is still known which request it was."""

from __future__ import annotations

import json
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


async def settle(
    function: Callable[..., Awaitable[object]],
    arguments: Any,
    done: Callable[[object], object],
    failed: Callable[[str], object],
) -> None:
    """Call and await *function*, then tell *done* its answer, or *failed* the error as JSON."""
    try:
        done(await function(*arguments))
    except BaseException as error:
        failed(described(error))


def described(error: BaseException) -> str:
    """The error as JSON: name, code, message, details and traceback."""
    code = getattr(error, "code", None)
    return json.dumps(
        {
            "name": type(error).__name__,
            "code": code if isinstance(code, str) else None,
            "message": str(error),
            "details": _jsonable(getattr(error, "details", None)),
            "traceback": "".join(traceback.format_exception(error)),
        }
    )


def _jsonable(value: object) -> object:
    try:
        return json.loads(json.dumps(value))
    except (TypeError, ValueError):
        return repr(value)
