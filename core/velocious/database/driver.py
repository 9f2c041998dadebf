"""The ports between Velocious and a database.

Law: SQL arrives as text with placeholders of the driver's dialect, and values arrive beside it as
parameters that the driver can bind as they are (``sql/types.py`` has encoded them). Nothing here
knows records.

Four roles: a *driver factory* makes a driver from settings, a *driver* is one opened database, it
leases *connections* to transactions, and an *introspector* describes the schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from velocious.database.advisory_lock import LockBroker
    from velocious.database.schema import Reactions, Table
    from velocious.database.settings import DatabaseSettings
    from velocious.files import Files
    from velocious.sql.dialects.base import Dialect

type Row = tuple[Any, ...]
type Parameters = Sequence[Any]


class Result(NamedTuple):
    """What a statement answered.

    Attributes:
        rows: the rows it returned (RETURNING, SELECT), as plain tuples.
        rowcount: how many rows it changed; -1 where the database does not say.
        last_id: the last inserted integer key, where the database has such a thing.
    """

    rows: list[Row]
    rowcount: int
    last_id: int | None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a database can do; suites and compilers ask this, never for a database's name.

    Attributes:
        single_writer: whether transactions that write take turns, so that one of them never sees
            another's work in progress.
        survives_errors: whether a transaction goes on after a statement in it was refused; where
            not, such a statement needs a block of its own.
        stores_nul: whether text may hold NUL characters.
        stores_infinity: whether a float column may hold infinities.
        announces_schema: whether this program hears of it when another changes the tables, so that
            it need not look.
    """

    returning: bool = True
    transactional_ddl: bool = True
    savepoints: bool = True
    row_locks: bool = False
    partial_indexes: bool = True
    expression_indexes: bool = True
    last_insert_id: bool = False
    single_writer: bool = True
    survives_errors: bool = True
    stores_nul: bool = False
    stores_infinity: bool = True
    announces_schema: bool = False
    max_parameters: int = 32_766


class Connection(Protocol):
    """One connection, used by one task at a time.

    Raises (all methods): :class:`velocious.errors.DatabaseError` subclasses; driver exceptions
    never escape.
    """

    @property
    def in_transaction(self) -> bool: ...

    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        """Run a reading statement and return all its rows."""
        ...

    async def fetch_described(
        self, sql: str, params: Parameters = ()
    ) -> tuple[list[str], list[Row]]:
        """As :meth:`fetch`, with the names of the result's columns: for SQL of unknown shape."""
        ...

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        """Run one statement.

        *unbounded* says that it may touch many rows: the driver may leave the event loop.
        """
        ...

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        """Run *sql* once for each row; returns how many rows were changed.

        Whether it is all or nothing is the caller's matter.
        """
        ...

    async def execute_script(self, sql: str) -> None:
        """Run statements separated by semicolons, inside the open transaction if any."""
        ...

    async def control(self, sql: str) -> None:
        """Run a statement of transaction control in standard SQL: BEGIN, COMMIT, SAVEPOINT, …

        For transactions only: the other methods refuse such statements. BEGIN takes the write lock
        where a database has only one, and waits for it up to the busy timeout. A cancelled COMMIT
        is still done (or has failed).
        """
        ...


class Driver(Protocol):
    """One opened database: has a reader and leases connections for writes and transactions.

    Attributes:
        pooled: whether a task may keep a leased connection while others write.
    """

    dialect: Dialect
    capabilities: Capabilities
    pooled: bool

    async def open(self) -> None:
        """Open the database; creates a missing SQLite file.

        Raises:
            DatabaseUnavailableError: one of its subclasses.
        """
        ...

    async def close(self) -> None: ...

    def reader(self) -> Connection:
        """The connection for reads outside of any transaction.

        It sees only committed rows and refuses to write. Many tasks use it at the same time; it
        may be kept for as long as the driver is open.
        """
        ...

    async def lease(self) -> Connection:
        """A connection for one writer or transaction alone; waits for its turn, fairly."""
        ...

    async def release(self, connection: Connection) -> None:
        """Give a leased connection back. An open transaction on it is rolled back."""
        ...

    def introspector(self, connection: Connection) -> Introspector: ...


class Introspector(Protocol):
    """Describes the schema of a database."""

    async def table_names(self) -> list[str]: ...

    async def table(self, name: str) -> Table | None:
        """Columns, keys, indexes and foreign keys of a table, or None where it does not exist."""
        ...

    async def reactions(self) -> Reactions:
        """What the database does on its own when rows change."""
        ...

    async def structure(self) -> list[str]:
        """The statements that rebuild the schema, in an order that loads, deterministic."""
        ...


class DriverFactory(Protocol):
    """Makes drivers and manages whole databases (create, drop) for one URL scheme."""

    def create(self, settings: DatabaseSettings, files: Files) -> Driver: ...

    async def create_database(self, settings: DatabaseSettings, files: Files) -> bool:
        """Make the database if it is missing; True if it was made."""
        ...

    async def drop_database(self, settings: DatabaseSettings, files: Files) -> bool:
        """Remove the database with all its rows; True if there was one."""
        ...

    def lock_broker(self, settings: DatabaseSettings, files: Files) -> LockBroker | None:
        """What keeps other processes out of advisory locks; None where none reaches the
        database.
        """
        ...
