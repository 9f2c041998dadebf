"""How long an action may take: one that takes longer is cancelled, its transaction rolled back, and
the client gets 503.

Law: an action within its time costs two entries of a dictionary, and no timer of its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import ActionTimeoutError, ConfigurationError

if TYPE_CHECKING:
    from velocious.controller.controller import Controller

    #: One limit for all actions, or one for each that has its own; None is none.
    type Timeout = float | None | Mapping[str, float | None]

logger = logging.getLogger("velocious.http")


class TimeLimit:
    """The limit of one action.

    All that run have the same number of seconds, so the first that began is the first that is due:
    one timer, for it, is enough.
    """

    def __init__(self, seconds: float, name: str) -> None:
        self._seconds = seconds
        self._name = name
        self._due: dict[asyncio.Task[Any], float] = {}
        self._late: set[asyncio.Task[Any]] = set()
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> asyncio.Task[Any]:
        """From now on the running task has its time. Returns the task, for :meth:`end`."""
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        loop = asyncio.get_running_loop()
        self._due[task] = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_later(self._seconds, self._look)
        return task

    def end(self, task: asyncio.Task[Any]) -> None:
        """*task* is done in time; safe to call again."""
        self._due.pop(task, None)
        if self._late:
            self._late.discard(task)

    def explain(self, task: asyncio.Task[Any]) -> None:
        """Raise ActionTimeoutError if it was us who cancelled *task*, and nobody else."""
        if task in self._late:
            self._late.discard(task)
            if task.uncancel() == 0:
                raise ActionTimeoutError(self._seconds)

    def _look(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        now = loop.time()
        for task, due in list(self._due.items()):
            if due > now:
                self._timer = loop.call_at(due, self._look)
                return
            del self._due[task]
            self._late.add(task)
            logger.error("%s took longer than %g s and was cancelled.", self._name, self._seconds)
            task.cancel()


def time_limit(
    controller: type[Controller], action: str, default: float | None
) -> TimeLimit | None:
    """The limit of an action: what its controller says, else *default*.

    Raises:
        ConfigurationError: the controller says something that is no time.
    """
    said: Any = getattr(controller, "timeout", ...)
    if isinstance(said, Mapping):
        said = cast("Mapping[str, Any]", said).get(action, ...)
    seconds = default if said is ... else said
    if seconds is None:
        return None
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or seconds <= 0:
        raise ConfigurationError(
            f"{controller.__name__}.timeout is {said!r} for {action!r}; give seconds above 0, or "
            "None for any time."
        )
    return TimeLimit(seconds, f"{controller.__name__}#{action}")
