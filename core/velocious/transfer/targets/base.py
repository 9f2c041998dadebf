"""What a target does around the rows that are copied into it.

Law: nothing a target suspends stays suspended: it ends with the transaction, or is written down in
the target before it is taken away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from velocious.errors import CopyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.database.database import Database
    from velocious.transfer.plan import TablePlan


class CopyTarget(Protocol):
    """One kind of database, as a target.

    Attributes:
        checks_references: whether it refuses rows that point nowhere while they are copied, or at
            the latest when :meth:`restore` is done.
    """

    checks_references: ClassVar[bool]

    async def suspend(self, plans: Sequence[TablePlan]) -> None:
        """Take away what no order of rows satisfies. Raises CopyError where that cannot be."""
        ...

    async def restore(self) -> None:
        """Bring back all that was ever taken away, also by a copy that was killed."""
        ...

    async def before_rows(self, table: str) -> None:
        """In the transaction of each chunk, before its rows: no trigger may run for them."""
        ...

    async def after_rows(self, table: str) -> None:
        """In the same transaction, behind the rows."""
        ...

    async def empty(self, tables: Sequence[str]) -> None:
        """Delete all rows of *tables*, which are in an order that may be inserted."""
        ...

    async def counter(self, table: str, column: str) -> int:
        """The last key that *column* counted to; 0 where it has not begun."""
        ...

    async def count_from(self, table: str, column: str, last: int) -> None:
        """Make the next key that *column* counts *last* + 1."""
        ...


def copy_target(database: Database) -> CopyTarget:
    """The adapter for *database*."""
    match database.dialect.name:
        case "sqlite":
            from velocious.transfer.targets.sqlite import SqliteTarget

            return SqliteTarget(database)
        case "postgresql":
            from velocious.transfer.targets.postgresql import PostgresqlTarget

            return PostgresqlTarget(database)
        case "mysql":
            from velocious.transfer.targets.mysql import MysqlTarget

            return MysqlTarget(database)
        case name:
            raise CopyError(
                f"Rows cannot be copied between {name} databases and others. "
                "sqlite, postgresql and mysql can be."
            )
