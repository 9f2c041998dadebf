"""What the server answers: the board as JSON, for the pages in ``web/``; and the board as pages,
which a browser answers, too, when there is no server.
"""

from __future__ import annotations

from app.config.guests import guest

from velocious.routing import Routes

routes = Routes()

routes.realtime("/realtime", upgrade=guest)

with routes.namespace("api"), routes.scope(on="server"):
    routes.get("/board", to="board#show")
    routes.resources("projects", only=("index", "create", "update", "destroy"), id="int")
    routes.post("/tasks/restore", to="tasks#restore")
    routes.post("/tasks/{id:int}/move", to="tasks#move")
    routes.resources("tasks", only=("index", "create", "update", "destroy"), id="int")

with routes.namespace("board"):
    routes.root(to="tasks#index")
    routes.resources("projects", only=("create", "edit", "update", "destroy"), id="int")
    with routes.resources("tasks", only=("create", "edit", "update", "destroy"), id="int") as tasks:
        tasks.member.post("toggle")
        tasks.member.post("move")
