"""What a connection needs of a driver package for MySQL, whichever it is.

Law: a link's methods raise what the package raises; only ``mysql_connection.py`` knows our errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.database.driver import Parameters, Row

#: The number of the error for a server that does not encrypt although it has to.
NO_TLS = 2026


class Answer(NamedTuple):
    """What the server answered: *rows* (None: the statement returns none), the names of their
    columns, how many rows it changed, and the key it made (0: none).
    """

    rows: Sequence[Row] | None
    description: Sequence[Sequence[Any]] | None
    changed: int
    key: int


class Link(Protocol):
    """An open connection of a driver package."""

    @property
    def is_closed(self) -> bool:
        """Whether it is closed or broken, as far as anybody has noticed."""
        ...

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, by the server's own last words."""
        ...

    @property
    def thread_id(self) -> int:
        """How the server calls this connection."""
        ...

    @property
    def server_version(self) -> str: ...

    async def query(self, sql: str) -> Answer:
        """Send one statement as text, without parameters."""
        ...

    async def run(self, sql: str, params: Parameters) -> Answer:
        """Run one statement with ``?`` for each of *params*, which are of :data:`BINDABLE`."""
        ...

    async def run_many(self, sql: str, rows: list[Parameters]) -> int:
        """Run *sql* for each of *rows*; how many rows they changed."""
        ...

    async def forget(self) -> None:
        """Drop what was prepared."""
        ...

    async def ping(self) -> None: ...

    async def close(self) -> None: ...

    def terminate(self) -> None: ...
