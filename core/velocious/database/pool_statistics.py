"""What a pool tells about itself."""

from __future__ import annotations

from typing import NamedTuple


class PoolStatistics(NamedTuple):
    """A pool at one moment.

    Attributes:
        open: connections that are open or being opened.
        idle: those of them that nobody uses.
        in_use: those that a task has.
        waiting: tasks that wait for one.
        maximum: most that may be open.
        opened: connections opened since the pool was.
        closed: connections closed or lost since then.
        waited: tasks that had to wait.
        timeouts: tasks that waited in vain.
        longest_wait: the longest that a task has waited, in seconds.
    """

    open: int
    idle: int
    in_use: int
    waiting: int
    maximum: int
    opened: int
    closed: int
    waited: int
    timeouts: int
    longest_wait: float
