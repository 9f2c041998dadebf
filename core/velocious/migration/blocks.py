"""``async with self.create_table("tasks") as t``: describes inside, acts at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator
    from types import TracebackType


class TableBlock[TableT]:
    """Gives the table to describe, and runs *finish* when the block ends without an error."""

    def __init__(
        self,
        table: TableT,
        finish: Callable[[], Awaitable[None]],
        entered: Callable[[], None],
    ) -> None:
        self._table = table
        self._finish = finish
        self._entered = entered

    async def __aenter__(self) -> TableT:
        self._entered()
        return self._table

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None:
            await self._finish()


class OptionalTableBlock[TableT](TableBlock[TableT]):
    """A block that may also be awaited, where there is nothing to describe.

    *plain* says that then nothing was described.
    """

    def __init__(
        self,
        table: TableT,
        finish: Callable[[], Awaitable[None]],
        entered: Callable[[], None],
        plain: Callable[[], None],
    ) -> None:
        super().__init__(table, finish, entered)
        self._plain = plain

    def __await__(self) -> Generator[Any, Any, None]:
        self._entered()
        self._plain()
        return self._finish().__await__()
