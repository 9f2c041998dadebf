"""``Routes``: what ``app/config/routes.py`` writes.

Law: drawing routes imports no controller and no web framework: the same file is read by commands
and in the browser.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from velocious.errors import RoutingError
from velocious.routing.path import check_path, join, shape
from velocious.routing.resources import chosen_actions, resource_routes
from velocious.routing.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from velocious.routing.target import Target, To


@dataclass(frozen=True, slots=True)
class Route:
    """One line of ``velocious routes``.

    Attributes:
        methods: the HTTP methods it answers; HEAD comes with GET.
        path: with parameters in braces (``"/tasks/{id:int}"``).
        target: where it leads.
        optional: it is left out where the controller has no such action.
    """

    methods: tuple[str, ...]
    path: str
    target: Target
    optional: bool = False


class Routes:
    """The routes of an application, matched in the order in which they are drawn.

    ::

        routes = Routes()
        routes.root(to="pages#home")
        routes.resources("tasks", id="int")
        with routes.namespace("api"):
            routes.get("/ping", to="status#ping")  # /api/ping → app/controllers/api/status_…
    """

    def __init__(self) -> None:
        self._drawn: list[Route] = []
        self._taken: dict[tuple[str, str], Route] = {}
        self._prefix = ""
        self._namespace = ""

    def __iter__(self) -> Iterator[Route]:
        return iter(self._drawn)

    def __len__(self) -> int:
        return len(self._drawn)

    def get(self, path: str, *, to: To) -> None:
        """GET and HEAD of *path* lead to the action *to* (``"tasks#index"``)."""
        self._draw(("GET",), path, to)

    def post(self, path: str, *, to: To) -> None:
        """POST to *path* leads to the action *to*."""
        self._draw(("POST",), path, to)

    def put(self, path: str, *, to: To) -> None:
        """PUT to *path* leads to the action *to*."""
        self._draw(("PUT",), path, to)

    def patch(self, path: str, *, to: To) -> None:
        """PATCH to *path* leads to the action *to*."""
        self._draw(("PATCH",), path, to)

    def delete(self, path: str, *, to: To) -> None:
        """DELETE of *path* leads to the action *to*."""
        self._draw(("DELETE",), path, to)

    def root(self, *, to: To) -> None:
        """GET of ``/`` (or of the namespace itself) leads to the action *to*."""
        self.get("/", to=to)

    def resources(
        self,
        name: str,
        *,
        only: Iterable[str] | None = None,
        except_: Iterable[str] | None = None,
        controller: str | None = None,
        id: str = "str",
    ) -> None:
        """The routes of a resource: index, create, new, edit, show, update and destroy.

        Without *only*, those are drawn whose action the controller has; *only* insists on its own.

        Arguments:
            name: what stands in the path, and the controller's name.
            only: no other actions than these.
            except_: all actions but these.
            controller: the controller's name, where it is another.
            id: the type of the parameter ``id`` (``"int"``, ``"uuid"``).

        Raises:
            RoutingError: for an action that is none of the seven.
        """
        wanted = chosen_actions(only, except_)
        member = "{id}" if id == "str" else f"{{id:{id}}}"
        for route in resource_routes(member):
            if route.action in wanted:
                to = f"{controller or name.strip('/')}#{route.action}"
                self._draw(route.methods, join(name, route.path), to, optional=only is None)

    @contextmanager
    def namespace(self, name: str) -> Generator[Routes]:
        """Routes of the block get *name* before their path and their controller's."""
        outer = self._prefix, self._namespace
        self._prefix = join(self._prefix, name)
        self._namespace = f"{self._namespace}{name.strip('/')}/"
        try:
            yield self
        finally:
            self._prefix, self._namespace = outer

    def _draw(self, methods: tuple[str, ...], path: str, to: To, *, optional: bool = False) -> None:
        target = parse_target(to, self._namespace)
        route = Route(methods, check_path(join(self._prefix, path)), target, optional)
        for method in methods:
            self._take(method, route)
        self._drawn.append(route)

    def _take(self, method: str, route: Route) -> None:
        earlier = self._taken.setdefault((method, shape(route.path)), route)
        if earlier is not route and not earlier.optional:
            raise RoutingError(
                f"The route {method} {route.path} to {str(route.target)!r} can never be reached: "
                f"{method} {earlier.path} leads to {str(earlier.target)!r} already. Remove one of "
                "the two."
            )
