"""The pages of a site without a server: where a browser that was never there gets the first one.

Law: a page that the browser cannot answer is never written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.routing import compile_path

from velocious.errors import ConfigurationError, suggestion
from velocious.routing.resolving import resolve
from velocious_node.browser.browser_routes import routes_of_browser

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from velocious.configuration import Configuration
    from velocious.routing.route import Route

NOT_FOUND = "404.html"


def site_pages(
    configuration: Configuration, bundled: Collection[str], asked: Iterable[str] | None
) -> list[str]:
    """The paths that are answered at a first visit: those *asked* for, or, where nobody said, of
    every route of the browser that has no parameters.

    Raises:
        ConfigurationError: a path that the browser cannot answer.
    """
    routes = [route for route in routes_of_browser(configuration, bundled) if _is_asked(route)]
    if asked is None:
        return sorted({route.path for route in routes if "{" not in route.path})
    patterns = [compile_path(route.path)[0] for route in routes]
    pages = ["/" + page.strip().strip("/") for page in asked]
    for page in pages:
        if any(part in ("", ".", "..") for part in page[1:].split("/")) and page != "/":
            raise ConfigurationError(f"The page {page!r} is no path. Write it like `/posts`.")
        if not any(pattern.match(page) for pattern in patterns):
            raise ConfigurationError(
                f"The page {page!r} cannot be answered by a browser: no route of those that run "
                "there leads to it. "
                f"{suggestion(page, [route.path for route in routes])} A route runs in the "
                "browser where browser=[…] lists its controller; `velocious routes --on browser` "
                "shows what is drawn for it."
            )
    return sorted(set(pages))


def page_files(page: str) -> list[str]:
    """The files that stand for *page*: servers differ in which of them they look for."""
    if page == "/":
        return ["index.html"]
    return [f"{page[1:]}.html", f"{page[1:]}/index.html"]


def marked(shell: str, address: str) -> str:
    """*shell* as the file for *address*, which servers may send for other spellings of it."""
    return shell.replace("<html", f'<html data-velocious-page="{quote(address)}"', 1)


def _is_asked(route: Route) -> bool:
    return "GET" in route.methods and resolve(route) is not None
