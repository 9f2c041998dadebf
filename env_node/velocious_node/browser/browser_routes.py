"""Which of the application's routes a browser can answer.

Law: a route whose controller is not sent to the browser is not even named there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.routing import compile_path

if TYPE_CHECKING:
    from collections.abc import Collection

    from velocious.configuration import Configuration
    from velocious.routing.routes import Route

#: Where a route runs that does not say.
EVERYWHERE = "both"


def browser_routes(configuration: Configuration, bundled: Collection[str]) -> list[dict[str, Any]]:
    """The routes for the service worker: methods, a pattern of JavaScript, and where they run."""
    return [
        {"methods": list(route.methods), "pattern": _pattern(route.path), "on": _place(route)}
        for route in routes_of_browser(configuration, bundled)
    ]


def routes_of_browser(configuration: Configuration, bundled: Collection[str]) -> list[Route]:
    """The routes that a browser with the files *bundled* can answer."""
    return [
        route
        for route in configuration.routes
        if _place(route) != "server" and _module_file(route) in bundled
    ]


def _place(route: Route) -> str:
    return getattr(route, "on", EVERYWHERE)


def _module_file(route: Route) -> str:
    found = route.target.controller_class
    module = route.target.module if found is None else found.__module__
    return module.replace(".", "/") + ".py"


def _pattern(path: str) -> str:
    # JavaScript has the groups of Python's expressions, without the P.
    return compile_path(path)[0].pattern.replace("(?P<", "(?<")
