"""What the server answers: the board as JSON, for the pages in ``web/``."""

from __future__ import annotations

from velocious.routing import Routes

routes = Routes()

with routes.namespace("api"):
    routes.get("/board", to="board#show")
    routes.resources("projects", only=("index", "create", "update", "destroy"), id="int")
    routes.post("/tasks/restore", to="tasks#restore")
    routes.post("/tasks/{id:int}/move", to="tasks#move")
    routes.resources("tasks", only=("index", "create", "update", "destroy"), id="int")
