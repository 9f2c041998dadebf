"""Pages: ``Task.order("name").page(2).per_page(25)``, in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import UnsupportedValueError

if TYPE_CHECKING:
    from velocious.query.description import Description
    from velocious.query.query import Query

PER_PAGE = 30


def paged(query: Description[Any], *, page: int | None = None, per_page: int | None = None) -> Any:
    """*query* on another page, or on pages of another size."""
    known = query._refinements
    page = _counted("page", page) if page is not None else known.page
    per_page = _counted("per_page", per_page) if per_page is not None else known.per_page
    size = per_page or PER_PAGE
    new = query._refined(page=page, per_page=per_page)
    return new.limit(size).offset(((page or 1) - 1) * size)


async def total_count(query: Query[Any]) -> int:
    """How many rows all pages have together."""
    return await query.limit(None).offset(None).count()


async def total_pages(query: Query[Any]) -> int:
    """How many pages there are."""
    return -(-await total_count(query) // (query._refinements.per_page or PER_PAGE))


def _counted(what: str, number: Any) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number < 2**31:
        raise UnsupportedValueError(
            f"{what} takes a whole number from 1 on, not {number!r}.", value=number
        )
    return number
