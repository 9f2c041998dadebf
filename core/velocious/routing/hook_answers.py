"""What a hook may answer, and that it did.

Law: what a hook answers is checked before it is believed, with a message that says what was wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from velocious.controller.controller import Controller
from velocious.errors import RouteHookError, UnknownOptionError, VelociousError, suggestion
from velocious.routing.resolving import action_names, controller_class
from velocious.routing.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.routing.target import Target

#: What a hook may answer, and what each must be.
KEYS: dict[str, tuple[type, str]] = {
    "controller": (str, 'a text like "api/tasks"'),
    "action": (str, 'a text like "index"'),
    "controller_class": (type, "a class of controllers"),
    "controller_path": (str, 'the name of a module, like "shop.orders_controller"'),
    "view_path": (str, 'a folder of views, like "shop/orders"'),
    "params": (Mapping, "a mapping of parameters"),
}


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a hook answered, checked."""

    controller: type[Controller]
    action: str
    view_path: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])


def check_answer(hook: Callable[..., Any], answer: Any) -> Resolved:
    """*answer* as something that can be run. Raises RouteHookError."""
    if not isinstance(answer, Mapping):
        raise RouteHookError(
            f"{hook_name(hook)} returned {answer!r}. A hook returns None, or a mapping like "
            '{"controller": "tasks", "action": "index"}.'
        )
    found = cast("Mapping[str, Any]", answer)
    for key, value in found.items():
        _check(hook, key, value)
    chosen = _controller(hook, found)
    action = found.get("action")
    known = action_names(chosen)
    if action not in known:
        raise RouteHookError(
            f"{hook_name(hook)} returned the action {action!r}, which {chosen.__name__} does not "
            f"have. {suggestion(str(action), known)}"
        )
    return Resolved(chosen, str(action), found.get("view_path"), found.get("params") or {})


def _check(hook: Callable[..., Any], key: str, value: Any) -> None:
    if key not in KEYS:
        raise UnknownOptionError(f"what {hook_name(hook)} returned", key, KEYS)
    kind, wanted = KEYS[key]
    if value is not None and not isinstance(value, kind):
        raise RouteHookError(f"{hook_name(hook)} returned {key!r}: {value!r}; it takes {wanted}.")


def _controller(hook: Callable[..., Any], answer: Mapping[str, Any]) -> type[Controller]:
    given = answer.get("controller_class")
    if given is None:
        return _named_controller(hook, answer)
    if issubclass(given, Controller):
        return given
    raise RouteHookError(
        f"{hook_name(hook)} returned 'controller_class': {given!r}, which is no Controller."
    )


def _named_controller(hook: Callable[..., Any], answer: Mapping[str, Any]) -> type[Controller]:
    name = answer.get("controller")
    if name is None:
        raise RouteHookError(
            f"{hook_name(hook)} returned no 'controller'. Name one, or give 'controller_class'."
        )
    target = parse_target(f"{name}#{answer.get('action')}")
    module = answer.get("controller_path")
    if module is None:
        return controller_class(target)
    return _controller_of(hook, module, target)


def _controller_of(hook: Callable[..., Any], module: str, target: Target) -> type[Controller]:
    try:
        found = getattr(import_module(module), target.class_name, None)
    except VelociousError:
        raise
    except Exception as error:
        raise RouteHookError(
            f"{hook_name(hook)} returned 'controller_path': {module!r}, which cannot be imported: "
            f"{type(error).__name__}: {error}."
        ) from error
    if isinstance(found, type) and issubclass(found, Controller):
        return found
    raise RouteHookError(
        f"{hook_name(hook)} returned 'controller_path': {module!r}, which defines no controller "
        f"{target.class_name!r}."
    )


def hook_name(hook: Callable[..., Any]) -> str:
    return f"The route hook {getattr(hook, '__qualname__', repr(hook))}"
