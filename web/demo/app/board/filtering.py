"""Which tasks a page asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.models.task import Task

from velocious.errors import RequestError, suggestion

if TYPE_CHECKING:
    from velocious.query import Query

SHOWN = ("all", "open", "done")


class UnknownFilterError(RequestError):
    """A filter that the board does not have."""

    code = "unknown_filter"

    def __init__(self, show: str) -> None:
        self.show = show
        super().__init__(
            f"The board has no filter {show!r}. {suggestion(show, SHOWN)} Ask for one of "
            f"{', '.join(SHOWN)}."
        )


def matching(project: int | None, show: str, search: str) -> Query[Task]:
    """The tasks of a project (None: of all), open or done, whose names hold the text *search*.

    Raises:
        UnknownFilterError: for another *show* than all, open and done.
    """
    query = _shown(show)
    if project is not None:
        query = query.where(project_id=project)
    if search.strip():
        query = query.search({"name_cont": search.strip()}, allow=["name"])
    return query


def _shown(show: str) -> Query[Task]:
    if show == "open":
        return Task.open()
    if show == "done":
        return Task.finished()
    if show == "all":
        return Task.query()
    raise UnknownFilterError(show)
