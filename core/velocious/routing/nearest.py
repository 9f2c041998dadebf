"""A path that nobody answers, and the routes that look most like it.

Law: only whoever develops the application is told what routes there are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from velocious.routing.path import pieces
from velocious.routing.table import route_path

if TYPE_CHECKING:
    from starlette.types import Scope

    from velocious.routing.routes import Routes

#: How alike a route must be, from 0 to 1, to be named.
ALIKE = 0.6
NAMED = 3
#: Longer paths are compared by their beginning: the work grows with the square of the length.
COMPARED = 200


class NothingHere(HTTPException):
    """404: no route, no file, nothing mounted answers the path."""

    def __init__(self, routes: Routes, scope: Scope) -> None:
        super().__init__(404)
        self._routes = routes
        self._method = scope["method"]
        self._path = route_path(scope)

    def nearest_routes(self) -> list[str]:
        """The drawn routes that look like the path (``"GET /tasks/{id}"``)."""
        return nearest_routes(self._routes, self._path)


def nearest_routes(routes: Routes, path: str) -> list[str]:
    """The routes whose paths look most like *path*, the nearest first."""
    scored: list[tuple[float, int, str]] = []
    for place, drawn in enumerate(routes.drawn):
        likeness = _likeness(drawn.path, path)
        if likeness >= ALIKE:
            methods = "|".join(drawn.methods) or "ANY"
            scored.append((-likeness, place, f"{methods} {drawn.path}"))
    return [text for _, _, text in sorted(scored)[:NAMED]]


def _likeness(drawn: str, path: str) -> float:
    # Imported late: only what goes wrong needs it.
    from difflib import SequenceMatcher

    asked = path[:COMPARED]
    matcher = SequenceMatcher(None, _as_asked(drawn, asked), asked, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def _as_asked(drawn: str, asked: str) -> str:
    """*drawn* with the text that *asked* has where *drawn* has a parameter."""
    given = dict(enumerate(asked.split("/")))
    return "/".join(
        (len(pieces(part)) > 1 and given.get(at)) or re.sub(r"[{}]", "", part)
        for at, part in enumerate(drawn.split("/"))
    )
