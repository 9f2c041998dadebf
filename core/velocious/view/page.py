"""``Page``: a few rows of a query, and where they are among all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from velocious.query.query import Query
    from velocious.record import Record

PER_PAGE = 20


class Page[RecordT: Record]:
    """One page of a query, loaded; a template loops over it.

    ::

        page = await Page.of(Post.order("-id"), self.params.get("page"))
        self.render(page=page)  # {% for post in page %} … {{ paginate(page) }}

    Attributes:
        records: the rows.
        number: from 1.
        total: rows of all pages together.
    """

    def __init__(
        self, records: Sequence[RecordT], *, number: int, per_page: int, total: int
    ) -> None:
        self.records = records
        self.number = number
        self.per_page = per_page
        self.total = total

    @classmethod
    async def of(
        cls, query: Query[RecordT], number: Any = None, *, per_page: int = PER_PAGE
    ) -> Page[RecordT]:
        """The page *number* of *query*. It may come from a request: what is no number is the first
        page, and what is behind the last page is that one.
        """
        total = await query.count()
        last = max(1, -(-total // per_page))
        chosen = min(_whole(number), last)
        records = await query.page(chosen).per_page(per_page).to_list() if total else []
        return cls(records, number=chosen, per_page=per_page, total=total)

    @property
    def last(self) -> int:
        """The number of the last page; 1 where there are no rows."""
        return max(1, -(-self.total // self.per_page))

    @property
    def previous(self) -> int | None:
        """The number of the page before."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The number of the page after."""
        return self.number + 1 if self.number < self.last else None

    def __iter__(self) -> Iterator[RecordT]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)


def _whole(number: Any) -> int:
    text = str(number if number is not None else 1)
    # More digits than any table has pages; int() would take its time over thousands of them.
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 10 else 1
