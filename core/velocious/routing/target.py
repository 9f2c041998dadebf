"""What a route leads to: an action of a controller."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from velocious.errors import RoutingError
from velocious.naming import camelize

if TYPE_CHECKING:
    from velocious.controller.controller import Controller

    #: ``"tasks#index"``, ``"api/tasks#index"`` or ``(TasksController, "index")``.
    type To = str | tuple[type[Controller], str]

_TEXT = re.compile(r"(?P<controller>[a-z][a-z0-9_]*(?:/[a-z][a-z0-9_]*)*)#(?P<action>[a-z]\w*)")


@dataclass(frozen=True, slots=True)
class Target:
    """An action of a controller.

    Attributes:
        controller: its path below ``app/controllers`` (``"api/tasks"``).
        action: the name of its method.
        controller_class: the class, where the route was given it.
    """

    controller: str
    action: str
    controller_class: type[Controller] | None = None

    def __str__(self) -> str:
        return f"{self.controller}#{self.action}"

    @property
    def module(self) -> str:
        """Where the class is found: ``app.controllers.api.tasks_controller``."""
        return f"app.controllers.{self.controller.replace('/', '.')}_controller"

    @property
    def class_name(self) -> str:
        """What the class is called: ``TasksController``."""
        return f"{camelize(self.controller.rpartition('/')[2])}Controller"


def parse_target(to: To, namespace: str = "") -> Target:
    """The target that ``to=`` names, below the controllers of *namespace*.

    Raises:
        RoutingError: it does not read like a target.
    """
    if not isinstance(to, str):
        controller_class, action = to
        return Target(controller_class.__name__, action, controller_class)
    found = _TEXT.fullmatch(to)
    if found is None:
        raise RoutingError(
            f"{to!r} does not name an action. Write controller#action in small letters, as in "
            'to="tasks#index" or to="admin/tasks#index", or pass (TasksController, "index").'
        )
    return Target(namespace + found["controller"], found["action"])


def target_of_path(path: str) -> str:
    """The ``to=`` that *path* says by itself: ``"/tasks/search"`` → ``"tasks#search"``.

    Raises:
        RoutingError: it has parameters, or a single part.
    """
    controller, _, action = path.strip("/").replace("-", "_").rpartition("/")
    if not controller or "{" in path:
        raise RoutingError(
            f'The route {path!r} does not say where it leads. Add to="controller#action".'
        )
    return f"{controller}#{action}"
