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
    describe: Callable[[BaseException], str],
) -> None:
    """Call and await *function*, then tell *done* its answer, or *failed* the error as *describe*
    has it.
    """
    try:
        done(await function(*arguments))
    except BaseException as error:
        failed(describe(error))


def described(error: BaseException) -> str:
    """The error as JSON: name, code, message, details and traceback."""
    code = getattr(error, "code", None)
    return json.dumps(
        {
            "name": type(error).__name__,
            "code": code if isinstance(code, str) else None,
            "message": str(error),
            "details": json.loads(json.dumps(getattr(error, "details", None), default=repr)),
            "traceback": "".join(traceback.format_exception(error)),
        }
    )
