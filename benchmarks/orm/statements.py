"""What a side sends to SQLite, told by SQLite itself.

Law: every connection that is opened in the block is listened to, whoever opens it and in whichever
thread. That costs time, so the rounds that are measured are others.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Generator

    from benchmarks.orm.workloads import Workload

ROWS_ARE_TOUCHED_BY = ("SELECT", "INSERT", "UPDATE", "DELETE")


@contextmanager
def listening() -> Generator[Counter[str]]:
    """Count the statements of all connections opened in the block by their first word."""
    counted: Counter[str] = Counter()
    connect = sqlite3.connect

    def connect_and_listen(*given: Any, **named: Any) -> sqlite3.Connection:
        connection = connect(*given, **named)
        connection.set_trace_callback(lambda sql: counted.update([sql.split(None, 1)[0].upper()]))
        return connection

    with (
        patch.object(sqlite3, "connect", connect_and_listen),
        patch("sqlite3.dbapi2.connect", connect_and_listen),
    ):
        yield counted


def complaint(workload: Workload, counted: Counter[str]) -> str | None:
    """What is wrong with the statements executed for *workload*; None if they are what it says,
    and if several writes were one transaction.
    """
    wrong = [
        f"{counted[kind]:,} × {kind} instead of {wanted}"
        for kind in ROWS_ARE_TOUCHED_BY
        if counted[kind] != (wanted := workload.statements.get(kind, 0))
        and not (wanted is None and counted[kind])
    ]
    # A statement that stands alone may be its own transaction.
    if workload.writes and counted["COMMIT"] != 1 and sum(counted.values()) > 1:
        wrong.append(f"{counted['COMMIT']} × COMMIT instead of 1")
    return ", ".join(wrong) or None
