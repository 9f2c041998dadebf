"""``Drawing``: what has been drawn so far, and where drawing is at.

Law: whatever the language of routes says, it ends here, checked: a path that requests can have, a
name of its own, and no route that another one hides.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from velocious.errors import RoutingError
from velocious.routing.constraints import parse_constraints
from velocious.routing.drawing_scope import DrawingScope, named
from velocious.routing.methods import check_methods
from velocious.routing.names import RouteNames, name_of
from velocious.routing.path import check_path, join, parameters, shape
from velocious.routing.route import Mount, Route, check_place, places

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from velocious.routing.constraints import Constraints, Given
    from velocious.routing.route import Drawn, Redirect
    from velocious.routing.target import Target
    from velocious.routing.verbs import RouteOptions


class Drawing:
    """The sheet that an application's routes are drawn on.

    Attributes:
        drawn: everything, in the order in which it was drawn.
        names: the names of what has one.
        scope: what the block that is being read adds.
    """

    def __init__(self) -> None:
        self.drawn: list[Drawn] = []
        self.names = RouteNames()
        self.scope = DrawingScope()
        self._taken: dict[tuple[str, str, str], Route | Redirect] = {}

    @contextmanager
    def inside(self, scope: DrawingScope) -> Generator[None]:
        """A block that is drawn in *scope*."""
        outer, self.scope = self.scope, scope
        try:
            yield
        finally:
            self.scope = outer

    def path(self, path: str) -> str:
        """The whole of *path*, which stands in the block. Raises RoutingError."""
        return check_path(join(self.scope.path, path))

    def own_name(self, path: str) -> str:
        """What *path*, which stands in the block, is called where nobody says; empty: nothing."""
        own = name_of(path)
        return named(self.scope.name, own) if own else ""

    def constraints(
        self, path: str, given: Given | None, scope: DrawingScope | None = None
    ) -> Constraints:
        """Those *given* for *path*, and those of *scope* (the block's) that it can have."""
        names = [one.name for one in parameters(path)]
        outer = (scope or self.scope).constraints.of(names)
        return parse_constraints(given, names).within(outer)

    def name(
        self,
        path: str,
        constraints: Constraints,
        given: str | None,
        own: str,
        scope: DrawingScope | None = None,
    ) -> str | None:
        """Take the name of *path*: the *given* one below those of *scope*, or its *own*."""
        if given is None:
            return self.names.take(own, path, constraints, given=False) if own else None
        chosen = named((scope or self.scope).name, given)
        return self.names.take(chosen, path, constraints, given=True)

    def route(
        self,
        scope: DrawingScope,
        methods: Iterable[str],
        path: str,
        target: Target,
        name: str,
        options: RouteOptions,
        *,
        optional: bool = False,
    ) -> None:
        """Draw a route all of whose path is given; *name* is what it is called unless ``as_`` says
        otherwise.
        """
        checked = check_path(path)
        constraints = self.constraints(checked, options.get("constraints"), scope)
        self.add(
            Route(
                check_methods(methods),
                checked,
                target,
                optional,
                self.name(checked, constraints, options.get("as_"), name, scope),
                check_place(options.get("on") or scope.on),
                constraints,
                {**scope.defaults, **(options.get("defaults") or {})},
            )
        )

    def add(self, drawn: Drawn) -> None:
        """Add what was drawn next. Raises RoutingError where it can never be reached."""
        if not isinstance(drawn, Mount) and not drawn.constraints:
            for method in drawn.methods:
                for place in places(drawn):
                    self._take(method, place, drawn)
        self.drawn.append(drawn)

    def _take(self, method: str, place: str, drawn: Route | Redirect) -> None:
        earlier = self._taken.setdefault((method, shape(drawn.path), place), drawn)
        if earlier is not drawn and not (isinstance(earlier, Route) and earlier.optional):
            raise RoutingError(
                f"The route {method} {drawn.path} to {_end(drawn)!r} can never be reached: "
                f"{method} {earlier.path} leads to {_end(earlier)!r} already. Remove one of "
                "the two."
            )


def _end(drawn: Route | Redirect) -> str:
    return str(drawn.target) if isinstance(drawn, Route) else str(drawn)
