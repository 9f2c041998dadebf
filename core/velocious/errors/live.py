"""What a live function may not do."""

from __future__ import annotations

from velocious.errors.query import QueryError


class LiveWriteError(QueryError):
    """A function that is run again after every change has tried to make one itself.

    Attributes:
        sql: the statement; it was not run.
    """

    code = "live_write"

    def __init__(self, sql: str) -> None:
        self.sql = sql
        super().__init__(
            f"A live function may only read, and this would write: {sql[:80]!r}. It would be told "
            "of its own change and run for ever. Write where the result is used: in the body of "
            "the `async for`, or in what is called with the result."
        )
