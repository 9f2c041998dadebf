"""Finds the controller's action that a route leads to."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import TYPE_CHECKING, Any

from velocious.controller.controller import Controller
from velocious.errors import RoutingError, VelociousError, suggestion

if TYPE_CHECKING:
    from types import ModuleType

    from velocious.routing.routes import Route
    from velocious.routing.target import Target


def resolve(route: Route) -> type[Controller] | None:
    """The class whose action *route* leads to; None for an optional route without an action.

    Raises:
        RoutingError: there is no such controller or action.
    """
    found = controller_class(route.target)
    if route.target.action in action_names(found):
        return found
    if route.optional:
        return None
    name = route.target.action
    raise RoutingError(
        f"The route {' '.join(route.methods)} {route.path} leads to {str(route.target)!r}, but "
        f"{found.__name__} has no action {name!r}. {suggestion(name, action_names(found))} "
        f"An action is a method of its own: `async def {name}(self) -> None:`."
    )


def controller_class(target: Target) -> type[Controller]:
    """The controller of *target*, imported where the route did not bring it.

    Raises:
        RoutingError: the module or the class does not exist, or cannot be imported.
    """
    if target.controller_class is not None:
        return target.controller_class
    found = getattr(_module(target), target.class_name, None)
    if isinstance(found, type) and issubclass(found, Controller):
        return found
    raise RoutingError(
        f"The module {target.module} defines no controller {target.class_name!r}. Write "
        f"`class {target.class_name}(Controller):` there "
        "(from velocious.controller import Controller)."
    )


def action_names(found: type[Controller]) -> list[str]:
    """The public async methods that a controller adds to what every controller has."""
    names: set[str] = set()
    for parent in found.__mro__:
        if issubclass(parent, Controller) and parent is not Controller:
            names.update(name for name, value in vars(parent).items() if _is_action(name, value))
    return sorted(names)


def _is_action(name: str, value: Any) -> bool:
    inherited = hasattr(Controller, name)
    return not name.startswith("_") and not inherited and inspect.iscoroutinefunction(value)


def _module(target: Target) -> ModuleType:
    try:
        return import_module(target.module)
    except VelociousError:
        raise
    except ModuleNotFoundError as error:
        if error.name is None or not target.module.startswith(error.name):
            raise _broken(target, error) from error
        path = target.module.replace(".", "/")
        raise RoutingError(
            f"A route leads to {str(target)!r}, but there is no {path}.py. Create it with "
            f"`class {target.class_name}(Controller):`, or correct app/config/routes.py."
        ) from error
    except Exception as error:
        raise _broken(target, error) from error


def _broken(target: Target, error: Exception) -> RoutingError:
    return RoutingError(
        f"The controller module {target.module} could not be imported: "
        f"{type(error).__name__}: {error}. Fix it; --debug shows the whole traceback."
    )
