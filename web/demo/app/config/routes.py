"""What the server answers: who somebody is, what the board's resources expose, and who else is
there; and the board as pages, which a browser answers, too, when there is no server.
"""

from __future__ import annotations

from app.config.guests import admit

from velocious.routing import Routes

routes = Routes()

routes.realtime("/realtime", upgrade=admit, requests=True)

with routes.scope(on="server"):
    routes.get("/person", to="people#show")
    routes.put("/person", to="people#update")

with routes.namespace("board"):
    routes.root(to="tasks#index")
    routes.resources("projects", only=("create", "edit", "update", "destroy"), id="int")
    with routes.resources("tasks", only=("create", "edit", "update", "destroy"), id="int") as tasks:
        tasks.member.post("toggle")
        tasks.member.post("move")
