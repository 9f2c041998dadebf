"""The work that every side does, and what it has to amount to.

Law: a workload returns a checksum and has a fixed number of statements, so that nobody wins by
doing less. Raw ``sqlite3`` reads the same columns of the same rows; it decodes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from benchmarks.orm.data import ROWS

FINDS = 5_000
COUNTS = 1_000
CREATES = 2_000
UPDATES = 2_000
SEARCHES = 500
PRELOADED = 500
#: What works at once: tasks of Velocious, jobs for the threads of the others.
AT_ONCE = 50
FINDS_EACH = 20
THREADS = 8


class Side(Protocol):
    """One contestant, on a database file of its own. Each workload returns its checksum."""

    name: str

    def open(self, path: str) -> None: ...

    def close(self) -> None: ...

    def hydrate(self) -> int:
        """All rows as a list of objects, three attributes of each read: the sum of position."""
        ...

    def lazy(self) -> int:
        """All rows as a list of objects of which nothing is read: how many. Raw makes tuples."""
        ...

    def stream(self) -> int:
        """All rows one after the other, one attribute of each read: the sum of position. Raw walks
        along its cursor and makes no list. Velocious does, so that no statement stays open while
        the loop's body waits.
        """
        ...

    def preload(self) -> int:
        """PRELOADED projects with their tasks, two SELECTs: the sum of the tasks' position. Raw
        groups the tuples of tasks in a dictionary.
        """
        ...

    def search(self) -> int:
        """SEARCHES times the tasks of the project with a name, by a join: the sum of position."""
        ...

    def find(self) -> int:
        """FINDS lookups by primary key: the sum of position."""
        ...

    def count(self) -> int:
        """COUNTS times how many tasks a project has: the sum."""
        ...

    def pluck(self) -> int:
        """Three columns of all rows as tuples: the sum of position."""
        ...

    def create(self) -> int:
        """CREATES single inserts in one transaction, timestamps included: the last key."""
        ...

    def update(self) -> int:
        """The first UPDATES rows as objects, each renamed and saved by itself, in one transaction,
        updated_at included: how many.
        """
        ...

    def insert_multiple(self) -> int:
        """All rows into an empty table in one transaction, timestamps included: how many."""
        ...

    def at_once(self) -> int:
        """AT_ONCE tasks of an event loop, each with FINDS_EACH lookups by primary key: the sum of
        position. Who can only block gives each task's lookups to one of THREADS threads, which
        have a connection each.
        """
        ...


@dataclass(frozen=True, slots=True)
class Workload:
    """A method of :class:`Side`.

    Attributes:
        aim: the ratio to raw sqlite3 that the project aims at.
        statements: how many of each kind a side has to execute; None where they hold many rows.
        writes: whether the table is another one afterwards.
        on_empty: whether it begins with an empty table.
    """

    name: str
    title: str
    aim: float
    statements: dict[str, int | None]
    writes: bool = False
    on_empty: bool = False


ALL = (
    Workload("hydrate", f"hydrate {ROWS:,} rows, read 3 attributes", 1.5, {"SELECT": 1}),
    Workload("lazy", f"hydrate {ROWS:,} rows, read nothing", 1.3, {"SELECT": 1}),
    Workload("stream", f"async for over {ROWS:,} rows, read one", 2.0, {"SELECT": 1}),
    Workload("preload", f"preload {PRELOADED} projects × 20 tasks", 1.8, {"SELECT": 2}),
    Workload("search", f"nested where with a join, {SEARCHES:,} times", 2.0, {"SELECT": SEARCHES}),
    Workload("find", f"find by primary key, {FINDS:,} times", 2.5, {"SELECT": FINDS}),
    Workload("count", f"count of a where, {COUNTS:,} times", 2.5, {"SELECT": COUNTS}),
    Workload("pluck", f"pluck 3 columns of {ROWS:,} rows", 1.15, {"SELECT": 1}),
    Workload(
        "create",
        f"create in a transaction, {CREATES:,} times",
        4.0,
        {"INSERT": CREATES},
        writes=True,
        on_empty=True,
    ),
    Workload(
        "update",
        f"update in a transaction, {UPDATES:,} times",
        4.0,
        {"SELECT": 1, "UPDATE": UPDATES},
        writes=True,
    ),
    Workload(
        "insert_multiple",
        f"insert_multiple, {ROWS:,} rows",
        1.3,
        {"INSERT": None},
        writes=True,
        on_empty=True,
    ),
    Workload(
        "at_once",
        f"{AT_ONCE} tasks × {FINDS_EACH} finds at once; raw: {THREADS} threads",
        1.0,
        {"SELECT": AT_ONCE * FINDS_EACH},
    ),
)
