"""What is drawn: routes to actions, redirects, and other applications."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from velocious.errors import RoutingError, suggestion
from velocious.routing.constraints import NONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp

    from velocious.routing.constraints import Constraints
    from velocious.routing.target import Target

#: Where a route may run: in the server's process, in the browser's worker, or in both.
type Place = Literal["server", "browser", "both"]
PLACES = ("server", "browser", "both")


@dataclass(frozen=True, slots=True)
class Route:
    """One path with its methods that leads to an action.

    Attributes:
        methods: the HTTP methods it answers; HEAD comes with GET.
        path: with parameters in braces (``"/tasks/{id:int}"``).
        target: where it leads.
        optional: it is left out where the controller has no such action.
        name: what its helpers are called by (``task`` for ``task_path``); None without any.
        on: where it runs.
        constraints: what else must hold.
        defaults: parameters that it has besides those of the path.
    """

    methods: tuple[str, ...]
    path: str
    target: Target
    optional: bool = False
    name: str | None = None
    on: Place = "both"
    constraints: Constraints = NONE
    defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Redirect:
    """A path that sends whoever asks for it to another one."""

    methods: tuple[str, ...]
    path: str
    address: str
    status: int
    name: str | None = None
    on: Place = "both"
    constraints: Constraints = NONE

    def __str__(self) -> str:
        return f"{self.status} → {self.address}"


@dataclass(frozen=True, slots=True)
class Mount:
    """A path below which another ASGI application answers everything."""

    path: str
    app: ASGIApp
    name: str | None = None
    on: Place = "server"
    constraints: Constraints = NONE
    csrf: bool = True

    @property
    def methods(self) -> tuple[str, ...]:
        return ()

    def __str__(self) -> str:
        kind: Any = self.app if hasattr(self.app, "__qualname__") else type(self.app)
        return f"{kind.__module__}.{kind.__qualname__}"


type Drawn = Route | Redirect | Mount


def check_place(on: str) -> Place:
    """*on*, where it is one of the three. Raises RoutingError."""
    for place in PLACES:
        if on == place:
            return place
    raise RoutingError(f"on={on!r} is no place that a route runs in. {suggestion(on, PLACES)}")


def places(drawn: Drawn) -> tuple[str, ...]:
    """Where *drawn* runs: ``"server"``, ``"browser"``, or both of them."""
    return ("server", "browser") if drawn.on == "both" else (drawn.on,)


def runs_in(drawn: Drawn, environment: str) -> bool:
    """Whether *drawn* runs in the environment of that name (``"browser"``, or any server's)."""
    return ("browser" if environment == "browser" else "server") in places(drawn)
