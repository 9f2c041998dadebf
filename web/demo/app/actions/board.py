"""What the page of this browser may call: the board, by name, at the home that it says."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from app import board, homes

from velocious.configuration import Configuration
from velocious.progress import Progress
from velocious_browser.actions import action
from velocious_browser.worker import application

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from app.homes.server import Said

    from velocious.database.changes import Change, Changes
    from velocious.progress import Report


def at_a_home[T](function: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
    """*function*, with the argument *home* besides its own."""

    @wraps(function)
    async def called(*, home: str = homes.BROWSER, **arguments: Any) -> T:
        with homes.at(home):
            return await function(**arguments)

    return called


for function in (
    board.view,
    board.projects,
    board.tasks,
    board.add_task,
    board.edit_task,
    board.move_task,
    board.delete_task,
    board.restore_task,
    board.add_project,
    board.rename_project,
    board.delete_project,
):
    action(f"board.{function.__name__}")(at_a_home(function))


@action("board.enter")
async def enter(home: str, address: str) -> Said:
    """Make a home of the server's ready; says who one is there."""
    return (await homes.enter(home, address)).said


@action("board.leave")
async def leave(home: str) -> None:
    """Hear no more of a home."""
    await homes.leave(home)


@action("board.sign_in")
async def sign_in(home: str, person: str) -> Said:
    """Be somebody else at a home of the server's."""
    return await homes.sign_in(home, person)


@action("board.follow")
async def follow() -> None:
    """Tell the page when another tab has changed the board of this browser, or may have. Asking
    twice is asking once.
    """
    changes = Configuration.current().changes
    if changes not in _followed:
        _followed.append(changes)
        changes.subscribe(_tell)


#: The changes that the page is told of.
_followed: list[Changes] = []


def _tell(change: Change) -> None:
    # What this tab changes, its page knows already.
    if change.foreign:
        application().host.emit("board.changed", {"home": homes.BROWSER})


@action("board.import_csv")
async def import_csv(text: str) -> dict[str, Any]:
    """Import a file that the person at the page chose."""
    from app.db.seed import describe
    from app.importing import import_tasks

    report = await import_tasks(text, Progress(_show))
    return {**report.to_data(), "text": describe(report)}


def _show(report: Report) -> None:
    application().host.progress("import", report.label, report.done, report.total or 0)
