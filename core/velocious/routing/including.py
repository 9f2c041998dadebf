"""Draws what a library drew among the routes of an application."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from velocious.routing.drawing_scope import named
from velocious.routing.path import parameters
from velocious.routing.route import Redirect, Route

if TYPE_CHECKING:
    from velocious.routing.drawing import Drawing
    from velocious.routing.route import Drawn


def include(drawing: Drawing, one: Drawn) -> None:
    """Draw *one* again, in the block that is being read."""
    scope = drawing.scope
    path = drawing.path(one.path)
    names = [parameter.name for parameter in parameters(path)]
    constraints = one.constraints.within(scope.constraints.of(names))
    name = named(scope.name, one.name) if one.name else ""
    moved = replace(
        one,
        path=path,
        constraints=constraints,
        name=drawing.name(path, constraints, None, name),
        on=scope.on if one.on == "both" else one.on,
    )
    if isinstance(moved, Route):
        moved = replace(moved, defaults={**scope.defaults, **moved.defaults})
    elif isinstance(moved, Redirect) and moved.address.startswith("/"):
        moved = replace(moved, address=scope.path.rstrip("/") + moved.address)
    drawing.add(moved)
