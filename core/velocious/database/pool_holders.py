"""Who holds a connection, told from the task itself: nothing is recorded while all goes well."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio
    from types import FrameType

#: Frames below these folders are ours or Python's: what an application did lies above them.
_OURS = (
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep,
    os.path.dirname(os.path.abspath(os.__file__)) + os.sep,
)
_DEEPEST = 100


def describe(task: asyncio.Task[Any] | None, seconds: float) -> str:
    """``task 'GET /tasks' for 12.3 s, now at app/models/task.py:12 in close``."""
    if task is None:
        return f"code outside of any task for {seconds:.3g} s"
    if task.done():
        return f"task {task.get_name()!r} for {seconds:.3g} s, which has ended without releasing it"
    place = where(task)
    return f"task {task.get_name()!r} for {seconds:.3g} s" + (f", now at {place}" if place else "")


def where(task: asyncio.Task[Any]) -> str | None:
    """The innermost line of the application at which *task* waits, or None if it has none."""
    found: FrameType | None = None
    awaited: Any = task.get_coro()
    for _ in range(_DEEPEST):
        frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "ag_frame", None)
        if frame is not None and (found is None or not _is_ours(frame)):
            found = frame
        awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "ag_await", None)
        if awaited is None:
            break
    if found is None:
        return None
    code = found.f_code
    return f"{code.co_filename}:{found.f_lineno} in {code.co_qualname}"


def _is_ours(frame: FrameType) -> bool:
    path = frame.f_code.co_filename
    return path.startswith(_OURS) and "site-packages" not in path
