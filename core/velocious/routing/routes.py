"""The language that routes are written in.

::

    routes = Routes()
    routes.get("/", to="home#index")
    with routes.namespace("admin") as admin:
        with admin.resources("projects") as projects:
            projects.resources("tasks", only=["index", "create"])

Law: data only. Writing routes imports no controller and no web framework, so that a browser can
read the configuration that holds them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self

from velocious.errors import ConfigurationError, suggestion
from velocious.naming import singularize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

type Place = Literal["collection", "member"]

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: The seven actions of a resource: method, path below it, action.
RESOURCE_ROUTES = (
    ("GET", "", "index"),
    ("POST", "", "create"),
    ("GET", "/new", "new"),
    ("GET", "/{id}", "show"),
    ("GET", "/{id}/edit", "edit"),
    ("PATCH", "/{id}", "update"),
    ("PUT", "/{id}", "update"),
    ("DELETE", "/{id}", "destroy"),
)
_TO = re.compile(r"[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)*#[a-z][a-z0-9_]*")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(:[a-z]+)?\}")


@dataclass(frozen=True, slots=True)
class Route:
    """One route.

    Attributes:
        method: ``"GET"``, ``"POST"``, …
        path: with names of parameters in braces (``"/tasks/{id}"``).
        to: controller and action (``"admin/tasks#show"``).
    """

    method: str
    path: str
    to: str

    @property
    def controller(self) -> str:
        """The controller's path (``"admin/tasks"``)."""
        return self.to.partition("#")[0]

    @property
    def action(self) -> str:
        """The name of the controller's method."""
        return self.to.partition("#")[2]


class Routes:
    """The routes of an application, in the order in which they are tried."""

    def __init__(self) -> None:
        self.entries: list[Route] = []
        self._prefix = ""
        self._controllers = ""

    def __iter__(self) -> Iterator[Route]:
        return iter(self.entries)

    # A scope is used as a context manager only to show in the code what is inside of it.

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was opened, so nothing is left to close."""

    # One route

    def get(self, path: str, *, to: str) -> None:
        """Answer GET (and HEAD) for *path* with the action *to*."""
        self._add("GET", path, to)

    def post(self, path: str, *, to: str) -> None:
        """Answer POST for *path* with the action *to*."""
        self._add("POST", path, to)

    def put(self, path: str, *, to: str) -> None:
        """Answer PUT for *path* with the action *to*."""
        self._add("PUT", path, to)

    def patch(self, path: str, *, to: str) -> None:
        """Answer PATCH for *path* with the action *to*."""
        self._add("PATCH", path, to)

    def delete(self, path: str, *, to: str) -> None:
        """Answer DELETE for *path* with the action *to*."""
        self._add("DELETE", path, to)

    # Many routes

    def namespace(self, name: str) -> Routes:
        """Routes below ``/name`` to controllers in the folder *name*."""
        return self._scope(f"{self._prefix}/{name}", f"{self._controllers}{name}/")

    def resources(
        self,
        name: str,
        *,
        only: Iterable[str] | None = None,
        without: Iterable[str] = (),
        controller: str | None = None,
    ) -> Resources:
        """The routes of a resource: index, create, new, show, edit, update and destroy.

        Arguments:
            only: just these of the seven.
            without: all but these.
            controller: where it is not called like the resource.
        """
        actions = _chosen_actions(name, only, without)
        resources = Resources(self, name, controller or name)
        for method, path, action in RESOURCE_ROUTES:
            if action in actions:
                self._add(method, f"/{name}{path}", f"{controller or name}#{action}")
        return resources

    def _scope(self, prefix: str, controllers: str) -> Routes:
        scope = Routes()
        scope.entries = self.entries
        scope._prefix = prefix
        scope._controllers = controllers
        return scope

    def _add(self, method: str, path: str, to: str) -> None:
        full = f"{self._prefix}/{path.strip('/')}".rstrip("/") or "/"
        route = Route(method, full, f"{self._controllers}{to}")
        _check(route, to)
        for other in self.entries:
            if (other.method, _shape(other.path)) == (method, _shape(full)):
                raise ConfigurationError(
                    f"The route {method} {full} to {route.to!r} can never be reached, because "
                    f"{other.method} {other.path} goes to {other.to!r}. Remove one of the two."
                )
        self.entries.append(route)


class Resources(Routes):
    """What may be added inside a resource; routes written here lie below one of its members."""

    def __init__(self, outer: Routes, name: str, controller: str) -> None:
        super().__init__()
        self.entries = outer.entries
        self._controllers = outer._controllers
        self._collection = f"{outer._prefix}/{name}"
        self._controller = controller
        self._prefix = f"{self._collection}/{{{singularize(name)}_id}}"

    def member(self, method: str, action: str) -> None:
        """A route for one of them: ``member("post", "archive")`` is ``POST /tasks/{id}/archive``."""
        self._extra(method, f"{self._collection}/{{id}}", action)

    def collection(self, method: str, action: str) -> None:
        """A route for all of them: ``collection("get", "done")`` is ``GET /tasks/done``."""
        self._extra(method, self._collection, action)

    def _extra(self, method: str, prefix: str, action: str) -> None:
        if method.upper() not in METHODS:
            raise ConfigurationError(
                f"The route {prefix}/{action} has the method {method!r}. "
                f"{suggestion(method.upper(), METHODS)}"
            )
        scope = self._scope(prefix, self._controllers)
        scope._add(method.upper(), action, f"{self._controller}#{action}")


def _chosen_actions(name: str, only: Iterable[str] | None, without: Iterable[str]) -> set[str]:
    known = {action for _, _, action in RESOURCE_ROUTES}
    chosen, left_out = set(known if only is None else only), set(without)
    for action in sorted((chosen | left_out) - known):
        raise ConfigurationError(
            f"The resource {name!r} has no action {action!r}. {suggestion(action, known)} "
            "More routes are added with member() and collection()."
        )
    return chosen - left_out


def _check(route: Route, to: str) -> None:
    if not _TO.fullmatch(route.to):
        raise ConfigurationError(
            f"The route {route.method} {route.path} goes to {to!r}, which names no action. "
            'Write controller#action in small letters, for example to="tasks#index".'
        )
    rest = _PLACEHOLDER.sub("", route.path)
    if "{" in rest or "}" in rest or ":" in rest:
        raise ConfigurationError(
            f"The path {route.path!r} has a parameter that cannot be read. "
            'Write parameters in braces, for example "/tasks/{id}".'
        )


def _shape(path: str) -> str:
    return _PLACEHOLDER.sub(lambda found: "{" + (found[2] or "") + "}", path)
