"""The whole document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from velocious.errors import UnknownOptionError
from velocious.openapi.errors import COMPONENTS
from velocious.openapi.operation import operation
from velocious.routing.resolving import resolve
from velocious.routing.route import runs_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from velocious.configuration import Configuration
    from velocious.controller.controller import Controller
    from velocious.routing.routes import Route

VERSION = "3.1.0"
_OPTIONS = ("title", "version", "description", "servers")
_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


def openapi_document(configuration: Configuration) -> dict[str, Any]:
    """What `velocious openapi` prints: plain data, ready to be JSON.

    ``Configuration(http={"openapi": {"title": …, "version": …}})`` says what it is called.

    Raises:
        UnknownOptionError: the configuration says something else about it.
        RoutingError: a route leads to no action.
    """
    paths: dict[str, dict[str, Any]] = {}
    taken: set[tuple[str, str]] = set()
    names: set[str] = set()
    for route, controller in _documented(configuration):
        shape = _PARAMETER.sub("{}", route.path)
        for method in route.methods:
            # Two routes of one shape differ in types, which OpenAPI has no paths for.
            if (shape, method) not in taken:
                taken.add((shape, method))
                described = operation(route, method, controller)
                described["operationId"] = _unused(described["operationId"], names)
                path = _PARAMETER.sub(r"{\1}", route.path)
                paths.setdefault(path, {})[method.lower()] = described
    return {"openapi": VERSION, **_about(configuration), "paths": paths, "components": COMPONENTS}


def _unused(name: str, names: set[str]) -> str:
    """*name*, with a number where another operation has it already."""
    number, found = 2, name
    while found in names:
        found, number = f"{name}_{number}", number + 1
    names.add(found)
    return found


def _documented(configuration: Configuration) -> Iterator[tuple[Route, type[Controller]]]:
    here = configuration.environment_handler.name
    for route in configuration.routes:
        # Of the others the controller may not even be here.
        controller = resolve(route) if runs_in(route, here) else None
        if controller is not None:
            yield route, controller


def _about(configuration: Configuration) -> dict[str, Any]:
    given = dict(configuration.http.openapi)
    for name in given:
        if name not in _OPTIONS:
            raise UnknownOptionError('Configuration(http={"openapi": {…}})', name, _OPTIONS)
    title = given.get("title") or configuration.name or "Application"
    info = {"title": title, "version": str(given.get("version", "0.0.0"))}
    if given.get("description"):
        info["description"] = given["description"]
    servers = [{"url": one} if isinstance(one, str) else one for one in given.get("servers", ())]
    return {"info": info, **({"servers": servers} if servers else {})}
