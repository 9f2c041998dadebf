"""The board as a page opens it."""

from __future__ import annotations

from app import board
from app.controllers.api.asked import chosen

from velocious.controller import Controller


class BoardController(Controller):
    async def show(self) -> None:
        wanted = chosen(self.params, texts=("show", "search"), numbers=("project", "limit"))
        self.render(json=await board.view(**wanted))
