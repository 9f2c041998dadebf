"""The HTML board: tasks of all projects or of one, and forms that change them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from app import board
from app.board.filtering import SHOWN
from app.controllers.board.pages_controller import PagesController
from app.models.task import Task

from velocious.errors import RecordNotFoundError, ValidationError

if TYPE_CHECKING:
    from velocious.controller import Params


class Chosen(TypedDict):
    """Which tasks are shown."""

    project: int | None
    show: str
    search: str


#: More does not fit a key.
LARGEST_ID = 2**63 - 1
#: Tasks on a page.
ON_A_PAGE = 20


class TasksController(PagesController):
    async def index(self) -> None:
        await self._show_board()

    async def create(self) -> None:
        task: Params = self.params.expect(task=["project_id", "name"])
        project = task.integer("project_id", default=None)
        if project is None:
            await self._show_board(task["name"], "Choose the project that the task is for.")
            return
        await self.authorize("create", Task)
        try:
            added = await board.add_task(project, task["name"])
        except ValidationError as error:
            await self._show_board(task["name"], _reason(error))
            return
        self.back(notice=f"Added “{added['name']}”.")

    async def edit(self) -> None:
        await self._show_form(await Task.find(self.params["id"]))

    async def update(self) -> None:
        sent: Params = self.params.expect(task=["name", "due_on", "project_id"])
        task = await Task.find(self.params["id"])
        project = sent.integer("project_id")
        await self.authorize("update", task)
        if project != task.project_id:
            await self.authorize("move", task)
        try:
            await board.edit_task(task.id, name=sent["name"], due_on=sent["due_on"] or None)
        except ValidationError as error:
            await self._show_form(task, _reason(error), sent)
            return
        if project != task.project_id:
            await board.move_task(task.id, project)
        self.flash["notice"] = "Saved."
        self.redirect_to(self.urls.board_root_path(project=project))

    async def toggle(self) -> None:
        done = self.params.boolean("done")
        await self.authorize("tick", await Task.find(self.params["id"]))
        await board.edit_task(self.params["id"], done=done)
        self.back()

    async def move(self) -> None:
        await self.authorize("move", await Task.find(self.params["id"]))
        await board.move_task(self.params["id"], first=self.params["to"] == "top")
        self.flash["notice"] = "Moved."
        self.redirect_to(self.urls.board_root_path(project=self.params.integer("project")))

    async def destroy(self) -> None:
        await self.authorize("destroy", await Task.find(self.params["id"]))
        deleted = await board.delete_task(self.params["id"])
        self.back(notice=f"Deleted “{deleted['name']}”.")

    async def _show_board(self, name: str = "", problem: str | None = None) -> None:
        chosen = self._chosen()
        view = await board.view(**chosen, limit=0)
        names = {project["id"]: project["name"] for project in view["projects"]}
        if chosen["project"] is not None and chosen["project"] not in names:
            raise RecordNotFoundError("Project", {"id": chosen["project"]})
        pages = max(-(-view["window"]["total"] // ON_A_PAGE), 1)
        page = min(max(self.params.integer("page", default=1), 1), pages)
        window = await board.tasks(**chosen, offset=(page - 1) * ON_A_PAGE, limit=ON_A_PAGE)
        self.render(
            "index",
            status=200 if problem is None else 422,
            projects=view["projects"],
            names=names,
            window=window,
            page=page,
            pages=pages,
            chosen=chosen,
            shown=SHOWN,
            name=name,
            problem=problem,
        )

    async def _show_form(
        self, task: Task, problem: str | None = None, sent: Params | None = None
    ) -> None:
        """The form, with what is stored, or with what was *sent* and has a *problem*."""
        stored = {"name": task.name, "due_on": task.due_on, "project_id": task.project_id}
        self.render(
            "edit",
            status=200 if problem is None else 422,
            task=task,
            fields=stored if sent is None else dict(sent.items()),
            projects=await board.projects(),
            problem=problem,
        )

    def _chosen(self) -> Chosen:
        """What is asked for in the address; an address that says nothing shows everything."""
        return {
            "project": self.params.integer("project", default=None, maximum=LARGEST_ID),
            "show": self.params.text("show", default="all", choices=SHOWN),
            "search": self.params.text("search", default=""),
        }


def _reason(error: ValidationError) -> str:
    return "; ".join(error.errors.full_messages())
