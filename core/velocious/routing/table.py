"""Matches a request to a route: the whole path exactly, then the method.

Law: a path of ours answers 405 to a method it has no route for, with all that it has; it never
falls through to another page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, NoMatchFound, compile_path

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

    from starlette.convertors import Convertor
    from starlette.datastructures import URLPath
    from starlette.types import ASGIApp, Receive, Scope, Send

    type Endpoints = dict[str, ASGIApp]
    type Pattern = tuple[re.Pattern[str], dict[str, Convertor[Any]], Endpoints]

_ENDPOINTS = "velocious.endpoints"


class RouteTable(BaseRoute):
    """All routes of an application as one route of Starlette's router."""

    def __init__(self, routes: Iterable[tuple[tuple[str, ...], str, ASGIApp]] = ()) -> None:
        # A path without parameters is one look into a dictionary.
        self._fixed: dict[str, Endpoints] = {}
        self._patterns: dict[str, Pattern] = {}
        for methods, path, endpoint in routes:
            self.add(methods, path, endpoint)

    def add(self, methods: tuple[str, ...], path: str, endpoint: ASGIApp) -> None:
        """Lead *methods* of *path* to *endpoint*, unless an earlier route took them."""
        endpoints = self._endpoints_of(path)
        for method in methods:
            endpoints.setdefault(method, endpoint)
        if "GET" in methods:
            endpoints.setdefault("HEAD", endpoint)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http":
            return Match.NONE, {}
        path, method = route_path(scope), scope["method"]
        refused: Endpoints = {}
        for endpoints, parameters in self._candidates(path):
            endpoint = endpoints.get(method)
            if endpoint is not None:
                return Match.FULL, {"endpoint": endpoint, "path_params": parameters}
            refused |= endpoints
        if refused:
            return Match.PARTIAL, {_ENDPOINTS: refused, "path_params": {}}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused: Endpoints | None = scope.get(_ENDPOINTS)
        if refused is None:
            await scope["endpoint"](scope, receive, send)
            return
        allowed = {"Allow": ", ".join(sorted({*refused, "OPTIONS"}))}
        if scope["method"] != "OPTIONS":
            raise HTTPException(405, headers=allowed)
        await Response(status_code=204, headers=allowed)(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        raise NoMatchFound(name, path_params)

    def _candidates(self, path: str) -> Iterable[tuple[Endpoints, dict[str, Any]]]:
        fixed = self._fixed.get(path)
        if fixed is not None:
            yield fixed, {}
        for pattern, converters, endpoints in self._patterns.values():
            found = pattern.fullmatch(path)
            if found is None:
                continue
            try:
                yield (
                    endpoints,
                    {
                        name: converters[name].convert(text)
                        for name, text in found.groupdict().items()
                    },
                )
            except ValueError:
                # An integer of thousands of digits is no integer to Python.
                continue

    def _endpoints_of(self, path: str) -> Endpoints:
        if "{" not in path:
            return self._fixed.setdefault(path, {})
        if path not in self._patterns:
            pattern, _, converters = compile_path(path)
            self._patterns[path] = (pattern, converters, {})
        return self._patterns[path][2]


def route_path(scope: Scope) -> str:
    """The path below the one that the application is mounted at."""
    path: str = scope["path"]
    mounted: str = scope.get("root_path", "").rstrip("/")
    below = path.removeprefix(mounted)
    return below if below.startswith("/") else path
