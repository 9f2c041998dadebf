"""Pages about posts, an echo for what a page sends, and a part that stays on the server."""

from __future__ import annotations

from velocious.routing import Routes

routes = Routes()
routes.root(to="posts#index")
routes.post("/posts/{id:int}/delete", to="posts#remove")
routes.resources("posts", id="int")
routes.post("/echo", to="echo#echo")
routes.get("/echo/bytes/{count:int}", to="echo#count")
routes.get("/echo/stream", to="echo#flow")
routes.post("/echo/orders", to="echo#order")
routes.get("/echo/fails", to="echo#fails")
routes.get("/echo/visits", to="echo#visits")
routes.get("/echo/where", to="echo#where")
routes.post("/echo/upload", to="echo#upload")
routes.get("/admin", to="admin#index")
