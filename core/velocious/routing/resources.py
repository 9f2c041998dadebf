"""The seven routes of a resource, and the six of one that there is only one of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from velocious.errors import RoutingError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable


class ResourceRoute(NamedTuple):
    """One of them: its action, its methods, whether it belongs to a member, the path below that of
    the members or of the collection, and what its name begins with.
    """

    action: str
    methods: tuple[str, ...]
    of_member: bool
    path: str = ""
    name: str = ""


#: In the order in which they are matched.
SEVEN = (
    ResourceRoute("index", ("GET",), of_member=False),
    ResourceRoute("create", ("POST",), of_member=False),
    ResourceRoute("new", ("GET",), of_member=False, path="new", name="new"),
    ResourceRoute("edit", ("GET",), of_member=True, path="edit", name="edit"),
    ResourceRoute("show", ("GET",), of_member=True),
    ResourceRoute("update", ("PATCH", "PUT"), of_member=True),
    ResourceRoute("destroy", ("DELETE",), of_member=True),
)
SIX = tuple(route for route in SEVEN if route.action != "index")

ACTIONS = tuple(route.action for route in SEVEN)
SINGULAR_ACTIONS = tuple(route.action for route in SIX)


def chosen_actions(
    only: Iterable[str] | None, except_: Iterable[str] | None, known: tuple[str, ...] = ACTIONS
) -> set[str]:
    """The actions that are drawn.

    Raises:
        RoutingError: for a name that is none of *known*.
    """
    wanted = set(known if only is None else _checked(only, known))
    return wanted - set(_checked(except_ or (), known))


def _checked(actions: Iterable[str], known: tuple[str, ...]) -> list[str]:
    names = [actions] if isinstance(actions, str) else list(actions)
    for name in names:
        if name not in known:
            raise RoutingError(
                f"A resource has no action {name!r}. {suggestion(name, known)} Other actions get "
                'a route of their own: routes.post("/tasks/{id}/move", to="tasks#move").'
            )
    return names
