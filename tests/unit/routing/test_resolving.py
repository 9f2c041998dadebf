"""Finding the action that a route leads to."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from velocious.configuration import Configuration
from velocious.controller import Controller
from velocious.errors import RoutingError
from velocious.routing import Routes
from velocious.routing.application_routes import application_routes
from velocious.routing.resolving import action_names, resolve
from velocious_node import NodeEnvironmentHandler

if TYPE_CHECKING:
    from pathlib import Path


class ParentController(Controller):
    async def inherited(self) -> None: ...


class TasksController(ParentController):
    async def index(self) -> None: ...

    async def _private(self) -> None: ...

    async def head(self, status: int, **_: Any) -> None: ...  # pyright: ignore[reportIncompatibleMethodOverride]

    def helper(self) -> None: ...


@pytest.fixture
def application(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module ``app.controllers.tasks_controller``, as an application's import would make it."""
    for name in ("app", "app.controllers"):
        package = ModuleType(name)
        package.__path__ = []
        monkeypatch.setitem(sys.modules, name, package)
    module = ModuleType("app.controllers.tasks_controller")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def drawn(to: str) -> Routes:
    routes = Routes()
    routes.get("/x", to=to)
    return routes


def test_actions_are_public_async_methods_that_are_not_every_controllers() -> None:
    assert action_names(TasksController) == ["index", "inherited"]


def test_a_name_leads_to_the_class_of_the_application(application: ModuleType) -> None:
    vars(application)["TasksController"] = TasksController
    (route,) = drawn("tasks#index")
    assert resolve(route) is TasksController


@pytest.mark.parametrize("action", ["indx", "helper", "head", "params"])
def test_what_is_no_action_is_refused_with_what_there_is(
    application: ModuleType, action: str
) -> None:
    vars(application)["TasksController"] = TasksController
    (route,) = drawn(f"tasks#{action}")
    with pytest.raises(RoutingError, match=f"TasksController has no action '{action}'"):
        resolve(route)


def test_the_seven_leave_out_what_the_controller_does_not_have(application: ModuleType) -> None:
    vars(application)["TasksController"] = TasksController
    routes = Routes()
    routes.resources("tasks")
    assert [route.target.action for route in routes if resolve(route)] == ["index"]


def test_a_missing_class_or_file_is_named(application: ModuleType) -> None:
    (route,) = drawn("tasks#index")
    with pytest.raises(RoutingError, match="defines no controller 'TasksController'"):
        resolve(route)
    (other,) = drawn("admin/tasks#index")
    with pytest.raises(RoutingError, match="there is no app/controllers/admin/tasks_controller.py"):
        resolve(other)


def test_without_an_application_there_are_no_routes(application: ModuleType) -> None:
    assert list(application_routes()) == []


def test_routes_that_are_none_are_refused(
    application: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("app.config.routes")
    monkeypatch.setitem(sys.modules, "app.config", ModuleType("app.config"))
    monkeypatch.setitem(sys.modules, "app.config.routes", module)
    vars(module)["routes"] = []
    with pytest.raises(RoutingError, match=r"routes = \[\], which are no Routes"):
        application_routes()


def test_a_library_without_an_application_has_no_routes(tmp_path: Path) -> None:
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(),
        databases={"default": f"sqlite:///{tmp_path}/x.sqlite3"},
    )
    assert list(configuration.routes) == []
