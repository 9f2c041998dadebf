"""The seven routes of a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from velocious.errors import RoutingError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable


class ResourceRoute(NamedTuple):
    """One of the seven: its action, its methods and the path below the resource's own."""

    action: str
    methods: tuple[str, ...]
    path: str


def resource_routes(member: str) -> tuple[ResourceRoute, ...]:
    """The seven, in the order in which they are matched; *member* is ``"{id}"``."""
    return (
        ResourceRoute("index", ("GET",), ""),
        ResourceRoute("create", ("POST",), ""),
        ResourceRoute("new", ("GET",), "new"),
        ResourceRoute("edit", ("GET",), f"{member}/edit"),
        ResourceRoute("show", ("GET",), member),
        ResourceRoute("update", ("PATCH", "PUT"), member),
        ResourceRoute("destroy", ("DELETE",), member),
    )


ACTIONS = tuple(route.action for route in resource_routes(""))


def chosen_actions(only: Iterable[str] | None, except_: Iterable[str] | None) -> set[str]:
    """The actions that are drawn.

    Raises:
        RoutingError: for a name that is none of the seven.
    """
    wanted = set(ACTIONS if only is None else _known(only))
    return wanted - set(_known(except_ or ()))


def _known(actions: Iterable[str]) -> list[str]:
    names = [actions] if isinstance(actions, str) else list(actions)
    for name in names:
        if name not in ACTIONS:
            raise RoutingError(
                f"A resource has no action {name!r}. {suggestion(name, ACTIONS)} Other actions get "
                'a route of their own: routes.post("/tasks/{id}/move", to="tasks#move").'
            )
    return names
