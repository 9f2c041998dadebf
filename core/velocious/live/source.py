"""``live``: makes an async function that reads one whose results follow the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload
from weakref import WeakSet

from velocious.live.handle import LiveHandle
from velocious.live.results import LiveResults

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

#: Seconds from the end of one run to the next: a burst of changes becomes one.
INTERVAL = 0.02


class Live[T]:
    """Results that follow the database, each time somebody walks through them::

    async for tasks in Task.where(done=False).live():
        show(tasks)
    """

    __slots__ = ("_interval", "_load", "_walks")

    def __init__(self, load: Callable[[], Awaitable[T]], interval: float = INTERVAL) -> None:
        self._load = load
        self._interval = interval
        self._walks: WeakSet[LiveResults[T]] = WeakSet()

    def __aiter__(self) -> LiveResults[T]:
        results = LiveResults(self._load, self._interval)
        self._walks.add(results)
        return results

    def follow(
        self,
        on_result: Callable[[T], object],
        on_error: Callable[[Exception], object] | None = None,
    ) -> LiveHandle:
        """Call *on_result* with each result, and *on_error* with each error (else it is logged);
        both may be ``async``. They run in a task of their own, until ``handle.stop()``.
        """
        return LiveHandle(aiter(self), on_result, on_error)

    def stop(self) -> None:
        """End all loops and handles that walk through it now."""
        for results in tuple(self._walks):
            results.stop()


@overload
def live[T](load: Callable[[], Awaitable[T]], *, interval: float = INTERVAL) -> Live[T]: ...


@overload
def live[T](
    load: Callable[[], Awaitable[T]],
    on_result: Callable[[T], object],
    on_error: Callable[[Exception], object] | None = None,
    *,
    interval: float = INTERVAL,
) -> LiveHandle: ...


def live(
    load: Callable[[], Awaitable[Any]],
    on_result: Callable[[Any], object] | None = None,
    on_error: Callable[[Exception], object] | None = None,
    *,
    interval: float = INTERVAL,
) -> Live[Any] | LiveHandle:
    """The results of *load*: one now, and one after each change of a table that it reads.

    ::

        async def board():
            return await Project.order("name").to_list(), await Task.where(done=False).count()


        async for projects, open_tasks in live(board):
            show(projects, open_tasks)

        handle = live(board, show_board)  # calls show_board((projects, open_tasks))
        handle.stop()

    *load* only reads; what it does not read from a database is not followed. A number, a text, a
    truth value or None that is the same as before is not given again. *interval*: seconds from the
    end of one run to the next.
    """
    results = Live(load, interval)
    return results if on_result is None else results.follow(on_result, on_error)
