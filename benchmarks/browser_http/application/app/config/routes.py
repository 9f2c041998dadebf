"""One page."""

from __future__ import annotations

from velocious.routing import Routes

routes = Routes()
routes.get("/posts", to="posts#index")
# The same for the browser alone: otherwise each question would try the server first.
routes.get("/here/posts", to="posts#index", on="browser")
