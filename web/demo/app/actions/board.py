"""What the page of this browser may call: the board, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app import board

from velocious.configuration import Configuration
from velocious.progress import Progress
from velocious_browser.actions import action
from velocious_browser.worker import application

if TYPE_CHECKING:
    from app.board.data import View

    from velocious.database.changes import Change
    from velocious.progress import Report

for function in (
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
    action(f"board.{function.__name__}")(function)


@action("board.open")
async def open_board(**query: Any) -> View:
    """All that a page shows when it opens."""
    return await board.view(**query)


@action("board.follow")
async def follow() -> None:
    """Tell the page when another tab has changed the board, or may have."""
    host = application().host

    def tell(change: Change) -> None:
        # What this tab changes, its page knows already.
        if change.foreign:
            host.emit("board.changed")

    Configuration.current().changes.subscribe(tell)


@action("board.import_csv")
async def import_csv(text: str) -> dict[str, Any]:
    """Import a file that the person at the page chose."""
    from app.db.seed import describe
    from app.importing import import_tasks

    report = await import_tasks(text, Progress(_show))
    return {**report.to_data(), "text": describe(report)}


def _show(report: Report) -> None:
    application().host.progress("import", report.label, report.done, report.total or 0)
