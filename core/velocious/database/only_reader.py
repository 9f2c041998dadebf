"""A reader that is no connection: each of its reads runs on one that it chooses.

Law: the reader of the driver's port is a whole connection, but its users never write with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from velocious.errors import TransactionError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.database.driver import Parameters, Result


class OnlyReader:
    """Refuses everything but reads, which a subclass gives.

    Attributes:
        instead: what the refusal advises.
    """

    __slots__ = ()

    instead: ClassVar[str]

    @property
    def in_transaction(self) -> bool:
        return False

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        raise self._refusal()

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        raise self._refusal()

    async def execute_script(self, sql: str) -> None:
        raise self._refusal()

    async def control(self, sql: str) -> None:
        raise self._refusal()

    def _refusal(self) -> TransactionError:
        return TransactionError(f"The reader of a database only reads. {self.instead}")
