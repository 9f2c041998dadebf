"""Projects of the HTML board."""

from __future__ import annotations

from app import board
from app.controllers.board.pages_controller import PagesController
from app.models.project import Project

from velocious.errors import ValidationError


class ProjectsController(PagesController):
    async def create(self) -> None:
        name = self.params.expect(project=["name"])["name"]
        await self.authorize("create", Project)
        try:
            added = await board.add_project(name)
        except ValidationError as error:
            self.back(alert="; ".join(error.errors.full_messages()))
            return
        self.flash["notice"] = f"Added “{added['name']}”."
        self.redirect_to(self.urls.board_root_path(project=added["id"]))

    async def edit(self) -> None:
        await self._show_form(await Project.find(self.params["id"]))

    async def update(self) -> None:
        name = self.params.expect(project=["name"])["name"]
        project = await Project.find(self.params["id"])
        await self.authorize("update", project)
        try:
            await board.rename_project(project.id, name)
        except ValidationError as error:
            project.assign({"name": name})
            await self._show_form(project, "; ".join(error.errors.full_messages()))
            return
        self.flash["notice"] = "Saved."
        self.redirect_to(self.urls.board_root_path(project=project.id))

    async def destroy(self) -> None:
        await self.authorize("destroy", await Project.find(self.params["id"]))
        deleted = await board.delete_project(self.params["id"])
        tasks = "one task" if deleted["tasks"] == 1 else f"{deleted['tasks']} tasks"
        self.flash["notice"] = f"Deleted “{deleted['name']}” with {tasks}."
        self.redirect_to(self.urls.board_root_path())

    async def _show_form(self, project: Project, problem: str | None = None) -> None:
        self.render(
            "edit",
            status=200 if problem is None else 422,
            project=project,
            tasks=await project.tasks.count(),
            problem=problem,
        )
