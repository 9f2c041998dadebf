"""The board's projects."""

from __future__ import annotations

from app import board
from app.controllers.api.asked import chosen

from velocious.controller import Controller


class ProjectsController(Controller):
    async def index(self) -> None:
        self.render(json=await board.projects())

    async def create(self) -> None:
        self.render(json=await board.add_project(self._name()), status=201)

    async def update(self) -> None:
        self.render(json=await board.rename_project(self.params["id"], self._name()))

    async def destroy(self) -> None:
        self.render(json=await board.delete_project(self.params["id"]))

    def _name(self) -> str:
        self.params["name"]  # a missing one is the client's mistake
        return chosen(self.params, texts=("name",))["name"]
