"""The board's tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from app import board
from app.controllers.api.asked import chosen

from velocious.controller import Controller
from velocious.controller.params import Params
from velocious.errors import MalformedRequestError

if TYPE_CHECKING:
    from app.board.data import TaskData

EDITABLE = ("name", "done", "due_on")


class TasksController(Controller):
    async def index(self) -> None:
        wanted = chosen(
            self.params, texts=("show", "search"), numbers=("project", "offset", "limit")
        )
        self.render(json=await board.tasks(**wanted))

    async def create(self) -> None:
        wanted = {"project": self.params["project"], "name": self.params["name"]}
        checked = chosen(Params(wanted), texts=("name",), numbers=("project",))
        added = await board.add_task(**checked, due_on=self.params.get("due_on"))
        self.render(json=added, status=201)

    async def update(self) -> None:
        changes = {name: self.params[name] for name in EDITABLE if name in self.params}
        self.render(json=await board.edit_task(self.params["id"], **changes))

    async def move(self) -> None:
        place = chosen(self.params, numbers=("project", "before"))
        first = self.params.get("first") is True
        self.render(json=await board.move_task(self.params["id"], **place, first=first))

    async def restore(self) -> None:
        task = self.params["task"]
        if not isinstance(task, dict):
            raise MalformedRequestError(f"The parameter 'task' must be an object, not {task!r}.")
        self.render(json=await board.restore_task(cast("TaskData", task)), status=201)

    async def destroy(self) -> None:
        self.render(json=await board.delete_task(self.params["id"]))
