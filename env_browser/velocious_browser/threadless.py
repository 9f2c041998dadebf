"""Stands in for the threads that Pyodide does not have: the one place that does.

Starlette hands files and ``def`` endpoints to a thread, so that a disk does not hold up its loop.
Here every file is in memory or behind synchronous handles, and there is one thread: the work is
done at once.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


async def run_here(function: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
    """Call *function* now; what the callers say about threads has no meaning here."""
    return function(*arguments)


def run_without_threads() -> None:
    """Let anyio, which Starlette asks for threads, do work at once where there are none."""
    if sys.platform == "emscripten":
        from anyio import to_thread

        to_thread.run_sync = run_here
