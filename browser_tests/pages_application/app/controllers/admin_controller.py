"""A part that only the server answers."""

from __future__ import annotations

from velocious.controller import Controller

SECRET = "only-the-server-knows-this"


class AdminController(Controller):
    async def index(self) -> None:
        self.render_text("admin")
