"""Finds the controller's action that a route leads to."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from velocious.controller.actions import action_names as action_names
from velocious.controller.controller import Controller
from velocious.errors import MissingControllerError, RoutingError, VelociousError, suggestion

if TYPE_CHECKING:
    from types import ModuleType

    from velocious.routing.route import Route
    from velocious.routing.target import Target


def resolve(route: Route) -> type[Controller] | None:
    """The class whose action *route* leads to; None for an optional route without an action.

    Raises:
        MissingControllerError: the controller's file is not there.
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


def _module(target: Target) -> ModuleType:
    try:
        return import_module(target.module)
    except VelociousError:
        raise
    except ModuleNotFoundError as error:
        if error.name is None or not target.module.startswith(error.name):
            raise _broken(target, error) from error
        path = target.module.replace(".", "/")
        raise MissingControllerError(
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
