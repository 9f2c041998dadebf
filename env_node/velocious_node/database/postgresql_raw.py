"""What we use of asyncpg, which has no types of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


class RawType(Protocol):
    """A type of the server."""

    name: str
    schema: str


class RawAttribute(Protocol):
    """A column of a result."""

    name: str
    type: RawType


class RawStatement(Protocol):
    """A prepared statement."""

    async def fetch(self, *params: Any) -> list[Any]: ...

    async def executemany(self, args: Iterable[Sequence[Any]]) -> None: ...

    def get_statusmsg(self) -> str | None: ...

    def get_parameters(self) -> tuple[RawType, ...]: ...

    def get_attributes(self) -> tuple[RawAttribute, ...]: ...


class RawConnection(Protocol):
    """A connection."""

    async def prepare(self, sql: str) -> RawStatement: ...

    async def execute(self, sql: str, *params: Any) -> str: ...

    async def fetch(self, sql: str, *params: Any) -> list[Any]: ...

    async def fetchval(self, sql: str, *params: Any) -> Any: ...

    async def copy_records_to_table(
        self, table: str, *, records: Iterable[Sequence[Any]], columns: Sequence[str]
    ) -> str: ...

    async def set_type_codec(
        self,
        name: str,
        *,
        schema: str,
        encoder: Callable[[Any], Any],
        decoder: Callable[[Any], Any],
        format: str,
    ) -> None: ...

    def is_in_transaction(self) -> bool: ...

    def is_closed(self) -> bool: ...

    async def close(self) -> None: ...

    def terminate(self) -> None: ...
